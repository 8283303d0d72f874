"""AMQP frames as RabbitMQ reads them, with the library's own classes, and without an error for what they hold.

A problem does not end the connection, which many queues share. A header of the message names it, and the message
alone becomes a dead letter.
"""

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any, Final

from pamqp.base import Frame
from pamqp.commands import INDEX_MAPPING, Basic
from pamqp.header import ContentHeader

from counterstep.messaging.wire.fields import CutShortError, FieldReader

MALFORMED: Final = "counterstep-malformed"
"""The header that says in plain words what of a message could not be read."""

MOST_PROBLEMS: Final = 5
"""How many problems of one message are named."""

_HEADER: Final = Struct(">HHQH")
_RESERVED: Final = 0b11
"""The flags that AMQP reserves: the last one would say that more flags follow, and RabbitMQ ignores it.

A reader that believed it would read other properties than the broker has checked, `user_id` among them.
"""
_INDEX: Final = Struct(">I")
_SHORT: Final = Struct(">H")
_LONG: Final = Struct(">I")
_LONG_LONG: Final = Struct(">q")


_READERS: Final[Mapping[str, Callable[[FieldReader, str], Any]]] = {
    "shortstr": FieldReader.short_text,
    "longstr": lambda reader, _: reader.long_text(),
    "table": lambda reader, _: reader.table(),
    "timestamp": FieldReader.time,
    "octet": lambda reader, _: reader.octet(),
    "short": lambda reader, _: reader.number(_SHORT),
    "long": lambda reader, _: reader.number(_LONG),
    "longlong": lambda reader, _: reader.number(_LONG_LONG),
}
"""AMQP's types of fields → how one is read. The text names the field in a problem."""

_PROPERTIES: Final = tuple(
    (Basic.Properties.flags[name], name, f"the property {name}", _READERS[Basic.Properties.amqp_type(name)])
    for name in Basic.Properties.attributes()
)
"""The flag, the name and the reader of each property, in AMQP's order; looked up once, for every message."""


def content_header(data: bytes) -> ContentHeader:
    """The properties of a message, from the payload of its header frame. Raises `struct.error` for a torso."""
    header = ContentHeader()
    header.class_id, header.weight, header.body_size, flags = _HEADER.unpack_from(data)
    reader = FieldReader(data, _HEADER.size)
    properties = header.properties
    if flags & _RESERVED:
        reader.problems.append("a reserved flag of the properties is set")
    try:
        for flag, name, what, read in _PROPERTIES:
            if flags & flag:
                setattr(properties, name, read(reader, what))
    except CutShortError as error:
        reader.problems.append(str(error))
    _make_acceptable(properties, reader.problems)
    if reader.problems:
        told = "; ".join(list(dict.fromkeys(reader.problems))[:MOST_PROBLEMS])
        properties.headers = {**(properties.headers or {}), MALFORMED: told}
    return header


def method(data: bytes) -> Frame:
    """A method, from the payload of its frame. A text in it that is not UTF-8 gets signs of replacement.

    Raises `KeyError` for a method that AMQP does not have, and `CutShortError` or `LookupError` for one that is
    not as AMQP says.
    """
    frame: Frame = INDEX_MAPPING[_INDEX.unpack_from(data)[0]]()
    reader = FieldReader(data, _INDEX.size)
    bits = octet = 0
    for name in frame.attributes():
        kind = frame.amqp_type(name)
        if kind == "bit":  # up to eight in a row share an octet
            octet = reader.octet() if bits % 8 == 0 else octet
            setattr(frame, name, bool(octet >> bits % 8 & 1))
            bits += 1
        else:
            bits = 0
            setattr(frame, name, _READERS[kind](reader, name))
    return frame


def _make_acceptable(properties: Basic.Properties, problems: list[str]) -> None:
    """Take out what aio-pika refuses to make a message of."""
    if properties.delivery_mode not in {None, 1, 2}:
        problems.append(f"the property delivery_mode is {properties.delivery_mode}, and neither 1 nor 2")
        properties.delivery_mode = None
    if properties.expiration and not (properties.expiration.isascii() and properties.expiration.isdecimal()):
        problems.append(f"the property expiration is no number: {properties.expiration[:40]!r}")
        properties.expiration = None
