"""AMQP frames made by hand, byte by byte: also those that no client library would write."""

from struct import pack, unpack
from typing import Final

METHOD: Final = 1
HEADER: Final = 2
BODY: Final = 3
END: Final = b"\xce"
BASIC: Final = 60

PROPERTIES: Final = (
    "content_type",
    "content_encoding",
    "headers",
    "delivery_mode",
    "priority",
    "correlation_id",
    "reply_to",
    "expiration",
    "message_id",
    "timestamp",
    "type",
    "user_id",
    "app_id",
    "cluster_id",
)
"""In AMQP's order, which is also that of their flags: the highest bit first."""


def short(text: bytes | str) -> bytes:
    """A short string, of at most 255 bytes."""
    raw = text.encode() if isinstance(text, str) else text
    return bytes([len(raw)]) + raw


def long(data: bytes | str) -> bytes:
    """A long string, or whatever else stands behind its length."""
    raw = data.encode() if isinstance(data, str) else data
    return pack(">I", len(raw)) + raw


def text(value: bytes | str) -> bytes:
    """A text as a value of a header: its type, then a long string."""
    return b"S" + long(value)


def table(*entries: tuple[bytes | str, bytes]) -> bytes:
    """Headers: names, and values that begin with their type."""
    return long(b"".join(short(name) + value for name, value in entries))


def nested(kind: bytes, depth: int) -> bytes:
    """A value that holds a value, to this depth: tables for `F`, arrays for `A`."""
    value = b"V"
    for _ in range(depth):
        value = kind + long((b"\x01x" if kind == b"F" else b"") + value)
    return value


def properties(**values: bytes) -> bytes:
    """The flags, and the values as they are given."""
    flags = sum(1 << 15 - PROPERTIES.index(name) for name in values)
    return pack(">H", flags) + b"".join(values[name] for name in PROPERTIES if name in values)


def flagged(properties: bytes, more: int) -> bytes:
    """The same properties with more flags, such as those that AMQP reserves."""
    return pack(">H", unpack(">H", properties[:2])[0] | more) + properties[2:]


def frame(kind: int, channel: int, payload: bytes) -> bytes:
    """A frame of this kind."""
    return pack(">BHI", kind, channel, len(payload)) + payload + END


def header(properties: bytes, *, size: int = 0, channel: int = 1) -> bytes:
    """The frame that says how long the body is, with the properties."""
    return frame(HEADER, channel, pack(">HHQ", BASIC, 0, size) + properties)


def method(class_id: int, method_id: int, arguments: bytes = b"", *, channel: int = 1) -> bytes:
    """The frame of a method."""
    return frame(METHOD, channel, pack(">HH", class_id, method_id) + arguments)


def body(data: bytes, *, channel: int = 1, most: int = 100_000) -> bytes:
    """The frames of a body; none where it is empty."""
    return b"".join(frame(BODY, channel, data[at : at + most]) for at in range(0, len(data), most))
