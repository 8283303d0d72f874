"""Where a message's spans say it went, and that a trace which nobody records costs no spans."""

from dataclasses import replace

import pytest
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.observability.spans import destination
from envelopes import HEADERS, a_command
from opentelemetry.trace import INVALID_SPAN

UNRECORDED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


@pytest.mark.parametrize(
    ("exchange", "routing_key", "queue", "expected"),
    [
        ("commands", "hotel.cancel_hotel", None, "commands:hotel.cancel_hotel"),
        ("commands", "hotel.cancel_hotel", "hotel.commands", "commands:hotel.cancel_hotel:hotel.commands"),
        ("", "hotel.commands", "hotel.commands", "hotel.commands"),
        ("retry", "hotel.commands.1s", None, "retry:hotel.commands.1s"),
    ],
)
def test_a_destination_names_exchange_routing_key_and_queue_once_each(
    exchange: str, routing_key: str, queue: str | None, expected: str
) -> None:
    assert destination(replace(a_command(), exchange=exchange, routing_key=routing_key), queue) == expected


def test_a_message_of_a_trace_that_is_not_recorded_begins_no_span_and_is_continued_as_it_came() -> None:
    headers = HEADERS.model_copy(update={"traceparent": UNRECORDED})
    received = Received(a_command(headers), "hotel.commands")
    assert received.span is INVALID_SPAN
    assert received.traceparent == UNRECORDED
