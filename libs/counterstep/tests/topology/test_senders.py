"""Which service may send which message to which queue."""

from dataclasses import replace

import pytest
from counterstep.topology.senders import Delivered, Senders
from travel.topology import TRAVEL

COMMAND = Delivered("hotel.commands", "orchestrator", "hotel.book_hotel.v1", "commands", "hotel.book_hotel")
EVENT = Delivered("orchestrator.events", "trip", "trip.trip_wanted.v2", "events.trip", "trip.trip_wanted")
REPLY = Delivered("orchestrator.replies", "hotel", "hotel.booked.v1", "replies", "orchestrator")
EACH = {"a command": COMMAND, "an event": EVENT, "a reply": REPLY}


def objection(delivered: Delivered) -> str | None:
    return Senders(TRAVEL, delivered.queue.partition(".")[0]).objection(delivered)


@pytest.mark.parametrize("delivered", EACH.values(), ids=EACH)
def test_what_its_own_sender_sends_is_taken(delivered: Delivered) -> None:
    assert objection(delivered) is None


@pytest.mark.parametrize("delivered", EACH.values(), ids=EACH)
@pytest.mark.parametrize("sender", ["bank", "", "admin"])
def test_what_another_sends_is_not_taken(delivered: Delivered, sender: str) -> None:
    assert "may send" in (objection(replace(delivered, sender=sender)) or "")


def test_who_may_send_it_is_named() -> None:
    assert objection(replace(COMMAND, sender="bank")) == (
        "bank sent hotel.book_hotel.v1, which only orchestrator may send"
    )


def test_a_past_version_comes_from_the_same_service() -> None:
    past = replace(EVENT, type="trip.trip_wanted.v1")
    assert objection(past) is None
    assert objection(replace(past, sender="bank"))


@pytest.mark.parametrize("type_", ["trip.trip_wanted.v2", "bank.take_money.v1", "hotel.booked.v1"])
def test_a_message_that_nobody_sends_there_is_not_taken(type_: str) -> None:
    assert "where nobody may send it" in (objection(replace(COMMAND, type=type_)) or "")


def test_a_deferral_is_never_sent() -> None:
    assert objection(replace(REPLY, type="protocol.accepted.v1"))


@pytest.mark.parametrize("sender", TRAVEL.participants)
def test_every_participant_may_abandon_a_command(sender: str) -> None:
    assert objection(replace(REPLY, type="protocol.abandoned.v1", sender=sender)) is None


@pytest.mark.parametrize("delivered", EACH.values(), ids=EACH)
def test_a_message_goes_by_its_own_routing_key(delivered: Delivered) -> None:
    assert "with the routing key" in (objection(replace(delivered, routing_key="trip.trip_called_off")) or "")


@pytest.mark.parametrize("delivered", EACH.values(), ids=EACH)
def test_a_message_that_the_administrator_moves_into_a_queue_keeps_its_sender_and_has_another_key(
    delivered: Delivered,
) -> None:
    moved = replace(delivered, exchange="", routing_key=delivered.queue)
    assert objection(moved) is None
    assert objection(replace(moved, sender="bank"))


@pytest.mark.parametrize("delivered", EACH.values(), ids=EACH)
def test_a_service_believes_what_it_has_sent_to_itself(delivered: Delivered) -> None:
    assert objection(replace(delivered, sender=delivered.queue.partition(".")[0])) is None


def test_an_unknown_type_is_left_to_the_decoder() -> None:
    assert objection(replace(COMMAND, sender="bank", type="hotel.print_money.v1")) is None
