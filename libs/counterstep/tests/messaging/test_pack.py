"""Messages that travel as one are taken apart as they were, and none of them harms another."""

import json
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from aio_pika import IncomingMessage
from aiormq.abc import DeliveredMessage
from counterstep.messaging.consumer.acknowledgements import Acknowledger
from counterstep.messaging.consumer.delivery import Delivery, deliveries_of
from counterstep.messaging.consumer.origin import Settlement
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.pack import MOST_READ, is_packable, packed, properties_of_pack
from counterstep.protocol.headers import LARGEST_BODY, Headers
from envelopes import OPEN
from hypothesis import given
from hypothesis import strategies as st
from pamqp.commands import Basic
from pamqp.header import ContentHeader

ENVELOPES = st.lists(
    st.builds(
        Envelope,
        message_id=st.uuids(),
        saga_id=st.uuids(),
        type=st.text('abcä.\n"', min_size=1, max_size=20),
        exchange=st.just("commands"),
        routing_key=st.just("hotel.cancel_hotel"),
        body=st.binary(max_size=30).filter(lambda body: b"\n" not in body),
        headers=st.builds(
            Headers,
            step=st.none() | st.text("äbc", max_size=9),
            attempt=st.integers(1, 9),
            causation_id=st.none() | st.uuids(),
            sender=st.just("orchestrator"),
        ),
    ),
    max_size=6,
    min_size=1,
)


class Channel:
    """A channel that keeps what is acknowledged."""

    is_closed = False

    def __init__(self) -> None:
        self.acknowledged: list[int] = []

    async def basic_ack(self, tag: int, **_: bool) -> None:
        self.acknowledged.append(tag)


def arrived(
    body: bytes, *, user_id: str | None = "orchestrator", channel: Any = OPEN, redelivered: bool = False
) -> Sequence[Delivery]:
    """What a service gets where this pack arrives."""
    properties = properties_of_pack(sender="")
    properties.user_id = user_id
    return deliveries_of(
        "hotel.commands",
        IncomingMessage(
            DeliveredMessage(
                delivery=Basic.Deliver(
                    delivery_tag=1,
                    exchange="commands",
                    routing_key="hotel.cancel_hotel",
                    redelivered=redelivered,
                ),
                header=ContentHeader(properties=properties),
                body=body,
                channel=cast(Any, channel),
            )
        ),
    )


def message(**changes: object) -> bytes:
    """The two lines of one message, with these changes to its first one."""
    line = {"message_id": str(uuid4()), "saga_id": str(uuid4()), "type": "hotel.cancel_hotel.v1"} | changes
    return json.dumps(line).encode() + b"\n{}"


@given(ENVELOPES)
def test_messages_arrive_as_they_were_sent_in_their_order(envelopes: list[Envelope]) -> None:
    deliveries = arrived(packed(envelopes))
    assert [each.undecodable for each in deliveries] == [None] * len(envelopes)
    assert [each.envelope for each in deliveries] == envelopes


@given(st.binary(max_size=200) | st.lists(st.binary(max_size=20), max_size=9).map(b"\n".join))
def test_whatever_a_pack_holds_it_becomes_deliveries_of_its_own_sender(body: bytes) -> None:
    deliveries = arrived(body)
    assert deliveries
    assert {each.envelope.sender for each in deliveries} == {"orchestrator"}


def test_a_message_that_cannot_be_read_harms_no_other_of_its_pack() -> None:
    deliveries = arrived(b"\n".join([message(), b"[]\n{}", message(message_id=7), message(headers=3), message()]))
    assert [each.undecodable is None for each in deliveries] == [True, False, False, False, True]
    assert all("the envelope is malformed" in str(each.undecodable) for each in deliveries[1:4])


def test_a_line_cannot_name_another_sender_or_address() -> None:
    forged = message(
        headers={"sender": "payment"}, user_id="payment", exchange="replies", routing_key="hotel.book_hotel"
    )
    (delivery,) = arrived(forged)
    assert delivery.envelope.sender == "orchestrator"
    assert (delivery.envelope.exchange, delivery.envelope.routing_key) == ("commands", "hotel.cancel_hotel")


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", message() + b"\n", b"\n".join([b"{}"] * (2 * MOST_READ + 2))],
    ids=["empty", "one line", "a line too many", "too many messages"],
)
def test_a_pack_that_cannot_be_taken_apart_is_one_dead_letter(body: bytes) -> None:
    (delivery,) = arrived(body)
    assert "the pack is malformed" in str(delivery.undecodable)
    assert delivery.envelope.body == body


def test_a_pack_that_is_too_large_is_one_dead_letter() -> None:
    (delivery,) = arrived(b"\n" * (LARGEST_BODY + 1))
    assert "only its beginning is kept" in str(delivery.undecodable).casefold()


def test_a_pack_that_nobody_has_signed_is_one_dead_letter() -> None:
    (delivery,) = arrived(b"\n".join([message(), message()]), user_id=None)
    assert str(delivery.undecodable).startswith("forged: ")


def test_a_pack_inside_a_pack_is_a_message_of_an_unknown_type() -> None:
    (delivery,) = arrived(message(type="counterstep.pack.v1"))
    assert delivery.undecodable is None
    assert delivery.envelope.type == "counterstep.pack.v1"


def test_a_body_of_several_lines_does_not_travel_in_a_pack() -> None:
    whole = Envelope(saga_id=UUID(int=1), type="a", exchange="x", routing_key="k", body=b'{"a":\n1}')
    assert not is_packable(whole)


async def test_a_pack_is_acknowledged_when_its_last_message_is_handled() -> None:
    channel, acknowledger = Channel(), Acknowledger()
    first, second, third = arrived(b"\n".join([message(), message(), message()]), channel=channel)
    for settled in ([third, third], [first]):
        await acknowledger.done(Settlement.of(each.origin for each in settled).receipts)
        assert not channel.acknowledged
    await acknowledger.done(Settlement.of([second.origin]).receipts)
    assert channel.acknowledged == [1]


def test_each_message_of_a_pack_that_is_delivered_again_is_suspected() -> None:
    body = b"\n".join([message(), message()])
    assert [each.origin.is_repeated for each in arrived(body, redelivered=False)] == [False, False]
    assert [each.origin.is_repeated for each in arrived(body, redelivered=True)] == [True, True]
