"""Plain functions as command handlers: their signature, their rows, and what is done with a batch of commands."""
