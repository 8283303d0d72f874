"""Messages in outboxes, replies in inboxes, and dead letters."""
