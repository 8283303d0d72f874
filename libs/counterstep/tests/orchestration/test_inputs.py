"""Only what is its sender's to say about an instance becomes an input of the engine."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire import envelope as envelopes
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import ForgedError, SecondStartError, UndecodableError
from counterstep.orchestration.inputs import input_of, unknown_instance
from counterstep.orchestration.instances import Definitions, LoadedInstance
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.protocol.answers import Direction
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Message, Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.registry import Registry
from counterstep.saga.transition import Cancelled, Refused, Succeeded, TimedOut
from travel.contracts.bank import MoneyTaken
from travel.contracts.hotel import Booked, Full, FullCode, HotelCancelled
from travel.contracts.trip import TripCalledOff
from travel.sagas import BOOK_TRIP, FAR, WANTED
from travel.topology import TRAVEL

CALLED_OFF = TripCalledOff(trip="rome")
CANCELLABLE = replace(BOOK_TRIP, version=2, cancelled_by=TripCalledOff)
DEFINITIONS = Definitions(Registry([BOOK_TRIP]), TRAVEL.contracts, "orchestrator")
SAGA_ID = uuid4()
HOTEL = Attempt("book_hotel", "forward")
BOOKED = Booked(room=7)
FULL = Full(code=FullCode.SOLD_OUT, reason="no room")


def received(envelope: Envelope) -> Received:
    return Received(envelope, "orchestrator.events")


def begun(saga_id: UUID = SAGA_ID) -> UnitOfWork:
    work = UnitOfWork({}, "orchestrator")
    work.begin(BOOK_TRIP, WANTED, received(envelopes.event(WANTED, saga_id=saga_id, traceparent=None)))
    return work


def answer(
    reply: Reply, sender: str | None = "hotel", step: str = "book_hotel", direction: Direction = "forward"
) -> Envelope:
    headers = Headers(step=step, direction=direction, attempt=1, reply_key="orchestrator", sender=sender)
    return envelopes.reply(reply, saga_id=SAGA_ID, headers=headers)


def understood(envelope: Envelope, message: Message, definitions: Definitions = DEFINITIONS) -> object:
    loaded: LoadedInstance = begun().instances[SAGA_ID]
    return input_of(definitions, loaded, envelope, message)


def test_the_reply_of_the_right_service_is_an_input() -> None:
    assert understood(answer(BOOKED), BOOKED) == Succeeded(HOTEL)
    assert understood(answer(FULL), FULL) == Refused(HOTEL, "no room", FullCode.SOLD_OUT)


@pytest.mark.parametrize(
    ("envelope", "reply"),
    [
        (answer(BOOKED, sender="bank"), BOOKED),
        (answer(FULL, sender="bank"), FULL),
        (answer(HotelCancelled()), HotelCancelled()),
        (answer(MoneyTaken(), sender="bank"), MoneyTaken()),
        (answer(MoneyTaken(), sender="bank", step="take_money", direction="compensation"), MoneyTaken()),
        (answer(BOOKED, step="rob_bank"), BOOKED),
        (answer(BOOKED, sender=None), BOOKED),
    ],
    ids=[
        "of another service",
        "a refusal of another service",
        "of the compensation's type",
        "of another step's service",
        "a compensation that the step does not have",
        "a step that the saga does not have",
        "of nobody",
    ],
)
def test_any_other_reply_is_forged(envelope: Envelope, reply: Reply) -> None:
    with pytest.raises(ForgedError, match="answered the"):
        understood(envelope, reply)


@pytest.mark.parametrize("missing", ["step", "direction", "attempt"])
def test_a_reply_that_does_not_say_what_it_answers_is_undecodable(missing: str) -> None:
    envelope = answer(BOOKED)
    headers = envelope.headers.model_copy(update={missing: None})
    with pytest.raises(UndecodableError, match="must name the step"):
        understood(replace(envelope, headers=headers), BOOKED)


def called_off() -> Envelope:
    return envelopes.event(CALLED_OFF, saga_id=SAGA_ID, traceparent=None)


def test_a_saga_that_nothing_cancels_is_not_cancelled() -> None:
    with pytest.raises(ForgedError, match="TripCalledOff does not cancel book_trip"):
        understood(called_off(), CALLED_OFF)


def test_a_cancellation_of_another_saga_does_not_cancel_this_one() -> None:
    other: Saga[Any] = replace(CANCELLABLE, name="book_cruise")
    other = replace(other, starts_on=TripCalledOff)  # any event but that of the first saga
    definitions = DEFINITIONS._replace(sagas=Registry([BOOK_TRIP, other]))
    with pytest.raises(ForgedError):
        understood(called_off(), CALLED_OFF, definitions)


def test_an_instance_of_an_older_version_is_cancelled_as_one_of_the_newest() -> None:
    definitions = DEFINITIONS._replace(sagas=Registry([BOOK_TRIP, CANCELLABLE]))
    assert understood(called_off(), CALLED_OFF, definitions) == Cancelled(CALLED_OFF.reason)


def test_what_is_not_for_an_orchestrator_is_undecodable() -> None:
    with pytest.raises(UndecodableError, match="no saga handles"):
        understood(called_off(), WANTED)


def test_a_reply_about_an_unknown_saga_is_forged_and_a_cancellation_may_come_too_early() -> None:
    assert isinstance(unknown_instance(answer(BOOKED), BOOKED), ForgedError)
    early = unknown_instance(called_off(), CALLED_OFF)
    assert isinstance(early, LookupError)
    assert not isinstance(early, UndecodableError)


def test_a_reply_that_is_awaited_is_kept_for_the_step_that_takes_it() -> None:
    work = begun()
    work.apply(SAGA_ID, Succeeded(HOTEL), None, BOOKED)
    assert work.instances[SAGA_ID].replies == {"book_hotel": BOOKED}


def late(work: UnitOfWork) -> Succeeded:
    """The hotel's reply, when nobody awaits it any more."""
    work.apply(SAGA_ID, TimedOut(HOTEL), None)
    return Succeeded(HOTEL)


def too_early(_: UnitOfWork) -> Succeeded:
    """A reply to an attempt that was not made yet."""
    return Succeeded(replace(HOTEL, number=2))


def of_the_compensation(work: UnitOfWork) -> Succeeded:
    """The reply to the compensation, while that is pending."""
    work.apply(SAGA_ID, TimedOut(HOTEL), None)
    work.apply(SAGA_ID, Refused(Attempt("book_flight", "forward"), "full"), None)
    undoing = Attempt("book_hotel", "compensation")
    assert undoing in work.instances[SAGA_ID].instance.pending
    return Succeeded(undoing)


@pytest.mark.parametrize("not_awaited", [late, too_early, of_the_compensation])
def test_a_reply_that_nobody_awaits_is_no_input_of_a_later_step(
    not_awaited: Callable[[UnitOfWork], Succeeded],
) -> None:
    work = begun()
    work.apply(SAGA_ID, not_awaited(work), None, BOOKED)
    assert work.instances[SAGA_ID].replies == {}


def test_the_first_reply_stays_the_input_of_a_later_step() -> None:
    work = begun()
    for room in (7, 8):
        work.apply(SAGA_ID, Succeeded(HOTEL), None, Booked(room=room))
    assert work.instances[SAGA_ID].replies == {"book_hotel": Booked(room=7)}


def test_a_start_event_that_comes_twice_begins_one_instance() -> None:
    work = begun()
    again = received(envelopes.event(WANTED, saga_id=SAGA_ID, traceparent=None))
    assert work.begin(BOOK_TRIP, WANTED, again) == []


def test_another_start_event_with_the_id_of_an_instance_is_forged() -> None:
    event = received(envelopes.event(FAR, saga_id=SAGA_ID, traceparent=None))
    work = begun()
    with pytest.raises(ForgedError, match=f"saga {SAGA_ID} is book_trip rome, not book_trip tokyo"):
        work.begin(BOOK_TRIP, FAR, event)
    with pytest.raises(ForgedError, match="not cruise rome"):
        work.begin(replace(BOOK_TRIP, name="cruise"), WANTED, event)


def test_a_unique_saga_has_one_instance_for_each_key() -> None:
    unique, work = replace(BOOK_TRIP, unique=True), UnitOfWork({}, "orchestrator")
    first, second = [received(envelopes.event(each, saga_id=uuid4(), traceparent=None)) for each in (WANTED, FAR)]
    again = received(envelopes.event(WANTED, saga_id=uuid4(), traceparent=None))
    assert work.begin(unique, WANTED, first)
    with pytest.raises(SecondStartError, match=f"book_trip rome is saga {first.envelope.saga_id} already"):
        work.begin(unique, WANTED, again)
    assert work.begin(unique, FAR, second)
    assert set(work.instances) == {first.envelope.saga_id, second.envelope.saga_id}


def test_a_saga_that_is_not_unique_may_have_several_instances_for_one_key() -> None:
    work = begun()
    again = received(envelopes.event(WANTED, saga_id=uuid4(), traceparent=None))
    assert work.begin(BOOK_TRIP, WANTED, again)


def test_a_refusal_that_is_a_reply_of_another_type_is_forged() -> None:
    with pytest.raises(ForgedError):
        understood(answer(Refusal(reason="no")), Refusal(reason="no"))
