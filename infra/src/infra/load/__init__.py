"""Open-loop load: orders come when they are due, however slow the system is, and each is followed to its end."""
