"""Each command that was answered, with its reply."""
