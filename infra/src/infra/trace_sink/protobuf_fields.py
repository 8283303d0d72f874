"""The fields of a serialized protobuf message, found without making an object of each."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

Place: TypeAlias = tuple[int, int]
"""Where a value begins and ends."""

_VARINT: Final = 0
_WITH_LENGTH: Final = 2
_FIXED: Final = {1: 8, 5: 4, 3: 0, 4: 0}
"""The bytes of a value by its wire type. The begin and the end of a group have none of their own."""

_LONGEST_VARINT: Final = 10


def nested_fields(body: bytes, path: Sequence[int]) -> Iterator[int]:
    """The number of each field, and of those in the messages that the fields along `path` hold.

    It ends where something is malformed.
    """
    try:
        yield from _nested(body, (0, len(body)), path)
    except (IndexError, KeyError, ValueError):
        return


def _nested(body: bytes, message: Place, path: Sequence[int]) -> Iterator[int]:
    for number, value in _fields(body, message):
        yield number
        if value and path and number == path[0]:
            yield from _nested(body, value, path[1:])


def _fields(body: bytes, message: Place) -> Iterator[tuple[int, Place | None]]:
    """The number of each field, with the place of its value where that may be a message."""
    at, end = message
    while at < end:
        tag, at = _varint(body, at)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == _WITH_LENGTH:
            size, start = _varint(body, at)
            at = start + size
            yield number, (start, min(at, end))
            continue
        at = _varint(body, at)[1] if wire_type == _VARINT else at + _FIXED[wire_type]
        yield number, None


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """The number, and where it ends. Raises `IndexError` or `ValueError` where there is none."""
    number = 0
    for place in range(_LONGEST_VARINT):
        byte = body[at + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the bit that says that another byte follows
            return number, at + place + 1
    raise ValueError("the number is too long")
