"""What a person types after `saga`: one file for each command, or group of commands."""
