"""What AMQP cannot carry fails the transaction that wants to send it. All else can be encoded."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import pytest
from aio_pika import IncomingMessage
from aiormq.abc import DeliveredMessage
from counterstep.messaging.consumer.fingerprint import fingerprint
from counterstep.messaging.wire.amqp import from_amqp, of_amqp, salvage, to_amqp
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UndecodableError, UnsendableError
from counterstep.messaging.wire.sendable import check_sendable
from counterstep.protocol.headers import LARGEST_BODY, SHORT_STRING_BYTES, Headers
from envelopes import OPEN, SAGA, a_command
from hypothesis import given
from hypothesis import strategies as st
from pamqp.commands import Basic
from pamqp.header import ContentHeader

FRAME_MAX = 128 * 1024
"""RabbitMQ's default. A message's properties must fit into one frame, which needs eight bytes of its own."""

ANY = st.characters(exclude_categories=())  # surrogates too, which Python's texts may contain
RAW = st.characters(codec="utf-8")  # what a frame can hold
SHORT = st.text(RAW, max_size=SHORT_STRING_BYTES).filter(lambda text: len(text.encode()) <= SHORT_STRING_BYTES)
NULS = st.integers(0, SHORT_STRING_BYTES).map("\0".__mul__)
NAMES = SHORT | NULS | st.just("x" * 64) | st.just("\N{GRINNING FACE}" * 64)
LONG = st.text(RAW) | st.integers(0, 70_000).map("\N{EURO SIGN}".__mul__) | NULS
INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([2**63 - 1, 2**31 - 1, 2**31])
VALUES = (
    st.none() | st.booleans() | INTEGERS | st.floats() | LONG | st.binary() | st.lists(st.integers(), max_size=2)
)
HEADERS = st.dictionaries(st.sampled_from(list(Headers.model_fields)) | SHORT, VALUES, max_size=4)
IDS = st.none() | SHORT | st.uuids().map(str)


@st.composite
def delivered(draw: st.DrawFn) -> IncomingMessage:
    """Any message that a broker can deliver, as far as its frames can be read."""
    properties = Basic.Properties(
        message_id=draw(IDS),
        correlation_id=draw(IDS),
        message_type=draw(st.none() | NAMES),
        headers=cast(dict[str, Any], draw(HEADERS)),
    )
    deliver = Basic.Deliver(delivery_tag=1)
    deliver.exchange, deliver.routing_key = draw(NAMES), draw(NAMES)  # a reader of frames checks neither
    return IncomingMessage(
        DeliveredMessage(
            delivery=deliver,
            header=ContentHeader(properties=properties),
            body=draw(st.binary(max_size=20)),
            channel=OPEN,  # type: ignore[arg-type] # nothing is acknowledged
        )
    )


def decoded(message: IncomingMessage) -> Envelope:
    try:
        return from_amqp(message, reader="hotel")
    except UndecodableError:
        return salvage(of_amqp(message))


def encoded(envelope: Envelope) -> bytes:
    """The frames of a publish. Raises where AMQP cannot carry it."""
    publish = Basic.Publish(exchange=envelope.exchange, routing_key=envelope.routing_key, mandatory=True)
    header = ContentHeader(properties=to_amqp(envelope, sender="hotel"), body_size=len(envelope.body)).marshal()
    assert len(header) <= FRAME_MAX - 8
    return bytes(publish.marshal() + header)


@given(delivered())
def test_whatever_is_decoded_can_be_sent_again_by_an_exchange_of_ours(message: IncomingMessage) -> None:
    envelope = replace(decoded(message), exchange="commands")
    check_sendable(envelope)
    assert encoded(envelope)


@given(delivered())
def test_whatever_is_decoded_can_be_told_from_others_and_kept(message: IncomingMessage) -> None:
    envelope = decoded(message)
    assert fingerprint("hotel.commands", envelope) == fingerprint("hotel.commands", envelope)
    texts = (envelope.type, envelope.exchange, envelope.routing_key, envelope.sender or "")
    assert not any("\0" in text for text in texts)
    assert Headers.stored(envelope.headers.model_dump_json()) == envelope.headers


def unchecked(**values: Any) -> Headers:
    """Headers that nothing has checked, as a change by `model_copy` leaves them."""
    return Headers().model_copy(update=values)


ANY_TEXT = st.text(ANY, max_size=300) | NULS | LONG
ANY_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "step": ANY_TEXT,
        "reply_key": ANY_TEXT,
        "origin": ANY_TEXT,
        "sender": ANY_TEXT,
        "reason": ANY_TEXT,
        "attempt": st.integers() | st.just(2**63),
        "failures": st.integers() | st.just(-(2**63)),
        "causation_id": st.uuids(),
    },
).map(lambda values: unchecked(**values))


@given(
    st.builds(
        Envelope,
        saga_id=st.uuids(),
        type=ANY_TEXT,
        exchange=ANY_TEXT,
        routing_key=ANY_TEXT,
        body=st.binary(max_size=20),
        headers=ANY_HEADERS,
    )
)
def test_what_is_not_refused_where_it_is_written_can_be_encoded(envelope: Envelope) -> None:
    try:
        check_sendable(envelope)
    except UnsendableError:
        return
    assert encoded(envelope)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "x" * 256}, "type is 256 bytes long; a message may have 255"),
        ({"routing_key": "\N{EURO SIGN}" * 86}, "routing_key is 258 bytes long"),
        ({"exchange": "e" * 128}, "is no name of an exchange"),
        ({"exchange": "\N{EURO SIGN}"}, "is no name of an exchange"),
        ({"type": "a\0b"}, "type contains NUL"),
        ({"routing_key": "\ud800"}, "routing_key contains half of a surrogate pair"),
        ({"body": b"x" * (LARGEST_BODY + 1)}, "the body of hotel.cancel_hotel.v1 is 262145 bytes long"),
        ({"headers": unchecked(reason="x" * 70_000)}, "headers is 70000 bytes long"),
        ({"headers": unchecked(attempt=2**63)}, "attempt is 9223372036854775808"),
        ({"headers": unchecked(failures=-(2**63))}, "integers have 64 bits"),
        ({"headers": unchecked(step="\ud800")}, "step contains half"),
    ],
)
def test_a_message_that_amqp_cannot_carry_is_refused_with_its_fault(change: dict[str, Any], why: str) -> None:
    with pytest.raises(UnsendableError, match=why):
        check_sendable(replace(a_command(), **change))


def test_a_message_at_every_limit_is_sent() -> None:
    envelope = Envelope(
        message_id=UUID(int=1), saga_id=SAGA, type="x" * 255, exchange="e" * 127, routing_key="k" * 255, body=b""
    )
    check_sendable(envelope)
    assert encoded(envelope)
    check_sendable(replace(envelope, body=bytes(LARGEST_BODY)))


def test_a_type_of_nuls_is_no_longer_than_a_short_string_after_their_replacement() -> None:
    nuls = IncomingMessage(
        DeliveredMessage(
            delivery=Basic.Deliver(delivery_tag=1),
            header=ContentHeader(properties=Basic.Properties(message_type="\0" * 100, user_id="orchestrator")),
            body=b"",
            channel=OPEN,  # type: ignore[arg-type] # as above
        )
    )
    nuls.message_id = nuls.correlation_id = str(SAGA)
    nuls.user_id = "hotel"
    with pytest.raises(UndecodableError, match="has more than 255 bytes"):
        from_amqp(nuls, reader="hotel")
    assert salvage(of_amqp(nuls)).type == "\N{SYMBOL FOR NULL}" * 85
