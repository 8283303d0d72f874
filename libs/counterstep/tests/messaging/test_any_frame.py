"""Whatever bytes a publisher writes, the frame is decoded, and the message alone is at fault."""

import asyncio
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from struct import pack
from typing import Any, cast

import pamqp.frame
import pytest
from aio_pika import IncomingMessage
from aiormq.abc import DeliveredMessage
from aiormq.connection import FrameReceiver
from counterstep.messaging.consumer.delivery import Delivery, deliveries_of
from counterstep.messaging.wire.amqp import of_amqp, salvage
from counterstep.messaging.wire.fields import DEEPEST
from counterstep.messaging.wire.frames import MALFORMED
from counterstep.messaging.wire.tolerant import decode_any_frame, unmarshal
from envelopes import OPEN
from hypothesis import example, given
from hypothesis import strategies as st
from malformed import MICROSECONDS, malformed, named
from pamqp.commands import Basic, Channel
from pamqp.exceptions import UnmarshalingException
from pamqp.header import ContentHeader
from raw_frames import flagged, header, long, method, nested, properties, short, table

strict = pamqp.frame.unmarshal


@pytest.fixture(autouse=True)
def _any_frame() -> Iterator[None]:
    decode_any_frame()
    yield
    pamqp.frame.unmarshal = strict


def decoded(raw: bytes) -> Basic.Properties:
    length, channel, frame = unmarshal(raw)
    assert (length, channel) == (len(raw), 1)
    assert isinstance(frame, ContentHeader)
    return frame.properties


def incoming(raw: bytes, key: str = "hotel.cancel_hotel", content: bytes = b"{}") -> IncomingMessage:
    """A message with this frame of properties, as far as the client library gives it."""
    frame = unmarshal(raw)[2]
    assert isinstance(frame, ContentHeader)
    deliver = Basic.Deliver(delivery_tag=1, exchange="commands", routing_key=key)
    return IncomingMessage(DeliveredMessage(delivery=deliver, header=frame, body=content, channel=cast(Any, OPEN)))


def delivered(raw: bytes, key: str = "hotel.cancel_hotel", content: bytes = b"{}") -> Delivery:
    """The same message, as far as a service gets it."""
    (delivery,) = deliveries_of("hotel.commands", incoming(raw, key, content))
    return delivery


@pytest.mark.parametrize("raw", malformed().values(), ids=malformed())
def test_what_cannot_be_read_is_a_dead_letter_with_its_reason(raw: bytes) -> None:
    message = incoming(header(raw))
    (delivery,) = deliveries_of("hotel.commands", message)
    assert str(delivery.undecodable).startswith("the properties are malformed: ")
    assert delivery.envelope == salvage(of_amqp(message))


def test_the_library_alone_ends_the_connection_at_most_of_these() -> None:
    """If it no longer did, this decoder could go."""
    killed = 0
    for raw in malformed().values():
        try:
            strict(header(raw))
        except (UnmarshalingException, OverflowError, RecursionError):
            killed += 1
    assert killed >= 20


async def test_the_client_library_asks_us_for_each_frame() -> None:
    """If it took another way to its frames, nothing would hold that stands here."""
    reader = asyncio.StreamReader()
    reader.feed_data(header(named(timestamp=pack(">Q", MICROSECONDS))))
    _, _, frame = await FrameReceiver(reader).get_frame()
    assert isinstance(frame, ContentHeader)
    assert "is no time" in str((frame.properties.headers or {})[MALFORMED])


def test_flags_that_are_reserved_do_not_shift_what_the_broker_has_checked() -> None:
    """The broker ignores them. A reader that takes them for more flags finds another sender in another place."""
    forged = properties(content_type=short("x"), user_id=short("orchestrator"))[2:]
    raw = header(flagged(properties(content_type=short(b"\x00" + forged), user_id=short("payment")), 1))
    theirs = strict(raw)[2]
    assert isinstance(theirs, ContentHeader)
    assert theirs.properties.user_id == "orchestrator"
    assert decoded(raw).user_id == "payment"
    assert "a reserved flag" in str(delivered(raw).undecodable)


@pytest.mark.parametrize("depth", [1, DEEPEST])
@pytest.mark.parametrize("kind", [b"F", b"A"])
def test_headers_may_be_nested_to_some_depth(kind: bytes, depth: int) -> None:
    assert MALFORMED not in (decoded(header(named(headers=table(("x", nested(kind, depth)))))).headers or {})


def test_only_so_much_is_told_of_a_message_that_is_wrong_in_many_places() -> None:
    raw = header(named(headers=table(*[(b"\xff" * 250 + str(n).encode(), b"V") for n in range(450)])))
    assert len(str(delivered(raw).undecodable)) < 1_500


def test_a_long_list_of_headers_costs_milliseconds() -> None:
    raw = header(named(headers=table(*[(f"{n}", nested(b"A", 3)) for n in range(2_400)])))
    assert len(decoded(raw).headers or {}) == 2_400


def test_an_address_that_is_not_utf_8_is_a_dead_letter() -> None:
    delivery = delivered(header(named()), key="hotel.caf\N{REPLACEMENT CHARACTER}")
    assert str(delivery.undecodable).startswith("the address is not UTF-8")


def test_a_delivery_whose_address_is_not_utf_8_is_decoded() -> None:
    arguments = short("ctag") + pack(">QB", 7, 1) + short(b"\xff") + short(b"caf\xe9")
    deliver = unmarshal(method(60, 60, arguments))[2]
    assert isinstance(deliver, Basic.Deliver)
    assert (deliver.delivery_tag, deliver.redelivered) == (7, True)
    assert (deliver.exchange, deliver.routing_key) == ("\N{REPLACEMENT CHARACTER}", "caf\N{REPLACEMENT CHARACTER}")


def test_a_refusal_that_the_broker_has_cut_within_a_character_is_decoded() -> None:
    cut = short("no exchange '\u00e9'".encode()[:-2])
    close = unmarshal(method(20, 40, pack(">H", 404) + cut + pack(">HH", 60, 40)))[2]
    assert isinstance(close, Channel.Close)
    assert (close.reply_code, close.class_id, close.method_id) == (404, 60, 40)


def test_bits_in_a_row_share_an_octet() -> None:
    publish = unmarshal(method(60, 40, pack(">H", 0) + short(b"\xff") + short("key") + b"\x02"))[2]
    assert isinstance(publish, Basic.Publish)
    assert (publish.mandatory, publish.immediate) == (False, True)


@pytest.mark.parametrize(
    "raw",
    [
        method(60, 99),
        method(60, 60, short(b"\xff")),
        header(b"")[:-1],
        b"\x09" + header(b"\0\0")[1:],
        header(b"\0\0")[:-1] + b"\0",
    ],
    ids=["an unknown method", "a torso", "a header too short", "an unknown kind of frame", "another end"],
)
def test_what_breaks_the_protocol_itself_still_ends_the_connection(raw: bytes) -> None:
    with pytest.raises(UnmarshalingException):
        unmarshal(raw)


TIMES = st.integers(0, 2**32 - 1).map(lambda seconds: datetime.fromtimestamp(seconds, tz=UTC))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=300)
    | st.binary(max_size=300).map(bytearray)
    | st.decimals(min_value=0, max_value=1_000, places=2).map(lambda number: Decimal(number).normalize())
    | TIMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=40), inner, max_size=4),
    max_leaves=20,
)
SHORT = st.text(max_size=60) | st.none()


@given(
    st.builds(
        Basic.Properties,
        content_type=SHORT,
        content_encoding=SHORT,
        headers=st.dictionaries(st.text(max_size=40), VALUES, max_size=6) | st.none(),
        delivery_mode=st.sampled_from([None, 1, 2]),
        priority=st.integers(0, 255) | st.none(),
        correlation_id=SHORT,
        reply_to=SHORT,
        expiration=st.integers(0, 2**32).map(str) | st.none(),
        message_id=SHORT,
        timestamp=TIMES | st.none(),
        message_type=SHORT,
        user_id=SHORT,
        app_id=SHORT,
    )
)
def test_what_is_well_formed_is_read_as_the_library_reads_it(written: Basic.Properties) -> None:
    raw = pamqp.frame.marshal(ContentHeader(0, 5, written), 1)
    theirs, ours = strict(raw)[2], unmarshal(raw)[2]
    assert isinstance(theirs, ContentHeader)
    assert isinstance(ours, ContentHeader)
    assert ours.properties == theirs.properties
    assert (ours.class_id, ours.weight, ours.body_size) == (theirs.class_id, theirs.weight, theirs.body_size)


@given(st.binary(max_size=400), st.binary(max_size=100), st.binary(max_size=100))
@example(pack(">HI", 1 << 13, 6) + b"\x01xl" + struct.pack(">I", 0), b"", b"")
def test_no_bytes_at_all_end_the_connection(raw: bytes, key: bytes, content: bytes) -> None:
    if len(raw) >= 2:
        delivery = delivered(header(raw), key.decode(errors="replace"), content)
        stored = delivery.envelope
        assert not any("\0" in each for each in (stored.type, stored.exchange, stored.routing_key))
    arguments = short(key) + pack(">QB", 7, 0) + short(content) + short(key)
    assert isinstance(unmarshal(method(60, 60, arguments))[2], Basic.Deliver)


KINDS_OF_LENGTH = [b"S", b"A", b"F", b"x"]
FIXED_KINDS = [bytes([kind]) for kind in b"tbBsuIilLfdDTV\0?"]
TYPED = st.builds(bytes.__add__, st.sampled_from(FIXED_KINDS), st.binary(max_size=12)) | st.builds(
    lambda kind, held: kind + long(held), st.sampled_from(KINDS_OF_LENGTH), st.binary(max_size=40)
)


@given(st.lists(st.tuples(st.binary(max_size=20), TYPED), max_size=12))
def test_no_headers_at_all_end_the_connection(entries: list[tuple[bytes, bytes]]) -> None:
    delivered(header(named(headers=table(*entries))))
