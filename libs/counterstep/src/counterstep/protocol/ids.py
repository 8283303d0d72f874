"""What an id tells of what it names."""

from typing import Final
from uuid import UUID

ORDERED_BY_TIME: Final = 7
"""The version whose first 48 bits are the moment it was made at (RFC 9562, section 5.7)."""


def made_at(known: UUID) -> float | None:
    """The moment, in seconds of the Unix clock, to the millisecond; `None` where the id does not tell."""
    return (known.int >> 80) / 1000 if known.version == ORDERED_BY_TIME else None
