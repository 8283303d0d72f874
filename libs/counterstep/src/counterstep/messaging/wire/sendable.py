"""What a message may be so that AMQP can carry it: proven where it is written, because a relay has nobody to ask.

The bounds are in bytes, because AMQP's are. The cost is a few comparisons a message: nothing is encoded that is
ASCII, and nothing is marshalled.
"""

import re
from typing import Final

from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UnsendableError
from counterstep.protocol.headers import LARGEST_BODY, SHORT_STRING_BYTES

LARGEST_HEADERS: Final = 64 * 1024
"""In bytes. All headers travel in one frame, and RabbitMQ's frames have 128 KiB by default."""

LARGEST_INTEGER: Final = 2**63 - 1

_EXCHANGE: Final = re.compile(r"[a-zA-Z0-9\-_.:@#,/+ ]{0,127}")
"""AMQP's rule for the name of an exchange."""


def check_sendable(envelope: Envelope) -> None:
    """Raise `UnsendableError` where AMQP could not carry this message, or the outbox could not hold it."""
    if not _EXCHANGE.fullmatch(envelope.exchange):
        raise UnsendableError(f"{envelope.exchange[:200]!r} is no name of an exchange")
    _check("type", _bytes("type", envelope.type), SHORT_STRING_BYTES)
    _check("routing_key", _bytes("routing_key", envelope.routing_key), SHORT_STRING_BYTES)
    _check(f"the body of {envelope.type}", len(envelope.body), LARGEST_BODY)
    _check("headers", _bytes_of_headers(envelope), LARGEST_HEADERS)


def _bytes_of_headers(envelope: Envelope) -> int:
    size = 0
    for name, value in vars(envelope.headers).items():
        if isinstance(value, str):
            size += _bytes(name, value)
        elif isinstance(value, int) and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise UnsendableError(f"{name} is {value}, and AMQP's integers have 64 bits")
    return size


def _bytes(name: str, text: str) -> int:
    if "\0" in text:
        raise UnsendableError(f"{name} contains NUL, which PostgreSQL cannot store; replace it")
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise UnsendableError(f"{name} contains half of a surrogate pair, which UTF-8 cannot encode") from None


def _check(name: str, size: int, limit: int) -> None:
    if size > limit:
        raise UnsendableError(f"{name} is {size} bytes long; a message may have {limit}")
