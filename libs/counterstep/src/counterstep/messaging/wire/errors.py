"""What is wrong with a message itself, whatever the service does."""

from typing import Final

FORGED: Final = "forged: "
"""How the reason of a message begins that its sender may not send."""


class PoisonError(Exception):
    """No further try can handle this message. It is a dead letter at once; this error's text is the reason."""


class UndecodableError(PoisonError):
    """Its type, its version, its headers or its body cannot be decoded."""


class UnsendableError(ValueError):
    """AMQP cannot carry this message. The transaction that wants to send it is rolled back."""


class SecondStartError(UndecodableError):
    """A start event of a key that has an instance already, under another saga id. It is never retried."""


class ForgedError(UndecodableError):
    """A message that its sender may not send. It is never retried, and its letter raises an alert."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{FORGED}{why}")
