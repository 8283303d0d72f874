"""What is wrong with a message itself, whatever the service does."""


class UndecodableError(Exception):
    """A poison message: its type, its version, its headers or its body cannot be decoded. It is never retried."""


class UnsendableError(ValueError):
    """AMQP cannot carry this message. The transaction that wants to send it is rolled back."""


class ForgedError(UndecodableError):
    """A message that its sender may not send. It is never retried, and an alert names the sender."""
