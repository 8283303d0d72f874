"""A message and all that travels with it."""

from dataclasses import replace

import pytest
from counterstep.messaging.wire.envelope import reply, reply_headers
from counterstep.messaging.wire.errors import UndecodableError, UnsendableError
from counterstep.messaging.wire.sendable import check_sendable
from counterstep.protocol.headers import LARGEST_BODY, Headers, without_nul
from counterstep.protocol.messages import Refusal
from envelopes import HEADERS, SAGA, a_command
from pydantic import ValidationError
from travel.contracts.hotel import HotelCancelled
from travel.contracts.trip import TripWanted
from travel.topology import TRAVEL


def test_a_command_goes_to_the_service_whose_module_declares_it() -> None:
    sent = a_command()
    assert (sent.exchange, sent.routing_key, sent.type) == (
        "commands",
        "hotel.cancel_hotel",
        "hotel.cancel_hotel.v1",
    )


def test_a_reply_names_the_step_direction_and_attempt_that_it_answers() -> None:
    command = a_command()
    headers = reply_headers(addresses=TRAVEL.reply_addresses, command=command, traceparent=None)
    answer = reply(HotelCancelled(), saga_id=SAGA, headers=headers)
    assert (answer.exchange, answer.routing_key) == ("replies", "orchestrator")
    assert (headers.step, headers.direction, headers.attempt) == ("book_hotel", "compensation", 1)
    assert headers.causation_id == command.message_id


def test_no_reply_is_sent_to_an_address_that_is_not_known() -> None:
    command = a_command(HEADERS.model_copy(update={"reply_key": "q|no.such.exchange"}))
    with pytest.raises(UndecodableError, match="is no reply address"):
        reply_headers(addresses=TRAVEL.reply_addresses, command=command, traceparent=None)


@pytest.mark.parametrize("type_", ["hotel.print_money.v1", "hotel.cancel_hotel.v2", ""])
def test_an_unknown_type_or_version_is_undecodable(type_: str) -> None:
    with pytest.raises(UndecodableError, match="no message of type"):
        replace(a_command(), type=type_).open(TRAVEL.contracts)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b'{"trip": 1}'])
def test_a_body_that_does_not_fit_its_type_is_undecodable(body: bytes) -> None:
    with pytest.raises(UndecodableError):
        replace(a_command(), body=body).open(TRAVEL.contracts)


@pytest.mark.parametrize(
    "bad",
    [
        {"attempt": 0},
        {"attempt": 2**31},
        {"direction": "sideways"},
        {"traceparent": "x" * 55},
        {"step": "s" * 65},
        {"reply_key": "\N{GRINNING FACE}" * 64},
        {"failures": -1},
        {"failures": 2**31},
        {"origin": "q" * 256},
        {"origin": "\0" * 86},
        {"reason": "r" * 8_193},
    ],
)
def test_a_header_out_of_its_bounds_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Headers.model_validate(bad)


def test_headers_of_the_broker_s_own_are_ignored() -> None:
    assert Headers.model_validate({"x-death": [{"count": 3}]}) == Headers()


def test_a_message_that_is_too_large_is_refused_where_it_is_written() -> None:
    large = reply(Refusal(reason="x" * LARGEST_BODY), saga_id=SAGA, headers=HEADERS)
    with pytest.raises(UnsendableError, match="a message may have 262144"):
        check_sendable(large)


def test_stored_headers_outside_of_today_s_bounds_are_left_out_and_the_others_read() -> None:
    stored = f'{{"step": "book", "failures": {2**40}, "origin": "{"q" * 300}", "attempt": 2}}'
    assert Headers.stored(stored) == Headers(step="book", attempt=2)
    assert Headers.stored(Headers(step="book").model_dump_json()) == Headers(step="book")


def test_a_nul_which_no_database_can_store_becomes_a_visible_sign() -> None:
    assert Headers.model_validate({"step": "x\0", "reason": "\0"}) == Headers(step="x\u2400", reason="\u2400")


def test_half_of_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert without_nul("a\ud800b") == "a?b"


def test_a_past_version_is_decoded_as_the_current_one() -> None:
    event = TripWanted(trip="rome", far=False)
    body = event.model_dump_json(exclude={"far"}).encode()
    assert replace(a_command(), type="trip.trip_wanted.v1", body=body).open(TRAVEL.contracts) == event
