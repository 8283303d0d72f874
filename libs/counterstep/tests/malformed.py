"""Frames of properties that mean nothing, though most of them are laid out as the broker wants it."""

from struct import pack
from typing import Final
from uuid import UUID, uuid4

from counterstep.messaging.wire.fields import MOST_VALUES
from raw_frames import PROPERTIES, nested, properties, short, table, text

SAGA: Final = UUID(int=7)
TEXTS: Final = sorted(set(PROPERTIES) - {"headers", "delivery_mode", "priority", "timestamp"})
BAD_TEXT: Final = short(b"caf\xe9")
MICROSECONDS: Final = 1_764_385_926_000_000


def named(**more: bytes) -> bytes:
    """The properties of a message that would be in order, but for these. Each time another message."""
    known = {"message_id": short(str(uuid4())), "correlation_id": short(str(SAGA)), "type": short("x.y.v1")}
    return properties(**{**known, **more})


def malformed() -> dict[str, bytes]:
    """Kinds of properties that cannot be read in full."""
    return {
        **{f"{name} is not UTF-8": named(**{name: BAD_TEXT}) for name in TEXTS},
        "a time in microseconds": named(timestamp=pack(">Q", MICROSECONDS)),
        "a negative time": named(timestamp=pack(">q", -1)),
        "a time in microseconds in a header": named(headers=table(("at", b"T" + pack(">Q", MICROSECONDS)))),
        "a header's name that is not UTF-8": named(headers=table((b"\xff\xfe", b"V"))),
        "700 nested tables": named(headers=table(("deep", nested(b"F", 700)))),
        "700 nested arrays": named(headers=table(("deep", nested(b"A", 700)))),
        "a header of an unknown type": named(headers=table(("x", b"?1"), ("step", text("x")))),
        "a text longer than its table": named(headers=table(("x", b"S" + pack(">I", 2**32 - 1)))),
        "a table longer than its table": named(headers=table(("x", b"F" + pack(">I", 1_000)))),
        "a table longer than the frame": properties(headers=pack(">I", 2**31)),
        "a torso of a decimal": named(headers=table(("x", b"D\x02"))),
        "more headers than are read": named(headers=table(*((f"{n:x}", b"V") for n in range(MOST_VALUES + 1)))),
        "a delivery mode that is none": named(delivery_mode=b"\x07"),
        "an expiration that is no number": named(expiration=short("soon")),
        "an expiration in Arabic digits": named(expiration=short("\u0665")),
        "properties that end early": properties(message_id=b"\x24abc"),
        "flags without any property": pack(">H", 0xFFFC),
    }
