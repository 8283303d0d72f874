"""How long a body may be, and what is kept of one that is longer."""

from hashlib import sha256
from typing import Final

from counterstep.messaging.wire.errors import UndecodableError
from counterstep.protocol.headers import LARGEST_BODY

_CUT: Final = b"\0"
"""The last byte of a part. No JSON ends with it, so a part that is redriven is refused, and never handled."""


def refuse_too_large(body: bytes) -> None:
    """Raises `UndecodableError`, with the true size and the hash, for a body that is longer than allowed."""
    if len(body) > LARGEST_BODY:
        raise UndecodableError(
            f"the body has {len(body):,} bytes, and a message may have {LARGEST_BODY:,}. "
            f"Only its beginning is kept. SHA-256 of the whole: {sha256(body).hexdigest()}"
        )


def beginning(body: bytes) -> bytes:
    """The part of the body that a dead letter keeps: the whole, where it is not too large."""
    return body if len(body) <= LARGEST_BODY else body[: LARGEST_BODY - len(_CUT)] + _CUT
