"""A saga's history as spans: a bar over its whole life, one for each step, each where its commands say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from counterstep.orchestration import instances as store
from counterstep.orchestration.history import SavedEntry
from counterstep.orchestration.instances import LoadedInstance
from counterstep.orchestration.spans import place_of_saga, place_of_step, spans_of
from counterstep.saga.attempt import Attempt
from counterstep.saga.engine import advance, begin
from counterstep.saga.transition import Cancelled, Input, Refused, ResendRequested, Succeeded, TimedOut, Transition
from counterstep.telemetry import FinishedSpan
from travel.sagas import BOOK_TRIP, WANTED

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SAGA = UUID(int=7)
START_EVENT = store.RawMessage("trip.trip_wanted.v2", WANTED.model_dump_json().encode())
BEGUN = datetime(2026, 11, 24, tzinfo=UTC)
SECOND = 1_000_000_000
START = int(BEGUN.timestamp()) * SECOND

HOTEL, FLIGHT = Attempt("book_hotel", "forward"), Attempt("book_flight", "forward")
NO_HOTEL, NO_FLIGHT = Attempt("book_hotel", "compensation"), Attempt("book_flight", "compensation")
MONEY, MONEY_AGAIN = Attempt("take_money", "forward"), Attempt("take_money", "forward", 2)
TICKETS, TURN_DOWN = Attempt("send_tickets", "forward"), Attempt("book_trip", "compensation")


class Told:
    """A run that heard all of this, one thing a second, and the spans of it."""

    def __init__(self, *heard: Input) -> None:
        self.opened = LoadedInstance(
            SAGA, BOOK_TRIP, START_EVENT, WANTED, PARENT, begin(BOOK_TRIP, skipped=["check_visa"]).run
        )
        self.history = list(self._played(heard))
        self.spans = {span.name: span for span in spans_of(self.opened, self.history)}

    def _played(self, heard: tuple[Input, ...]) -> Iterator[SavedEntry]:
        yield from self._written(0, begin(BOOK_TRIP, skipped=["check_visa"]))
        for second, each in enumerate(heard, 1):
            yield from self._written(second, advance(BOOK_TRIP, self.opened.run, each))

    def _written(self, second: int, advanced: Transition) -> Iterator[SavedEntry]:
        self.opened.run = advanced.run
        for note in advanced.notes:
            at = BEGUN + timedelta(seconds=second)
            ask = note.ask
            yield SavedEntry(at, ask.step, ask.direction, ask.attempt, note.event, note.detail, note.code)

    def seconds(self, name: str) -> tuple[float, float]:
        span = self.spans[name]
        return (span.start - START) / SECOND, (span.end - START) / SECOND


def outcomes(told: Told) -> dict[str, object]:
    return {name: span.attributes["saga.outcome"] for name, span in told.spans.items()}


COMPLETED = (Succeeded(HOTEL), Succeeded(FLIGHT), Succeeded(MONEY), Succeeded(TICKETS))
REFUSED = (Succeeded(HOTEL), Refused(FLIGHT, "no seat", "sold_out"), Succeeded(NO_HOTEL), Succeeded(TURN_DOWN))


def test_a_completed_saga_is_one_bar_and_one_for_each_step() -> None:
    told = Told(*COMPLETED)
    assert outcomes(told) == {
        "saga book_trip": "completed",
        "saga.step book_hotel": "succeeded",
        "saga.step book_flight": "succeeded",
        "saga.step take_money": "succeeded",
        "saga.step send_tickets": "succeeded",
    }


def test_the_bar_lasts_as_long_as_the_saga_and_a_step_until_its_answer() -> None:
    told = Told(*COMPLETED)
    assert told.seconds("saga book_trip") == (0, 4)
    assert told.seconds("saga.step book_hotel") == (0, 1)
    assert told.seconds("saga.step take_money") == (2, 3)


def test_each_transition_is_an_event_of_the_bar() -> None:
    moments = [moment.name for moment in Told(*REFUSED).spans["saga book_trip"].moments]
    assert moments == [
        "started",
        "book_hotel asked",
        "book_flight asked",
        "book_hotel succeeded",
        "book_flight refused",
        "cancel_hotel asked",
        "cancel_hotel succeeded",
        "turn_down asked",
        "turn_down succeeded",
        "compensated",
    ]


def test_a_refusal_is_no_fault_and_the_bar_says_why_it_turned_back() -> None:
    told = Told(*REFUSED)
    assert [span.fault for span in told.spans.values()] == [None] * 5
    assert told.spans["saga.step book_flight"].attributes["saga.outcome"] == "refused"
    assert told.spans["saga book_trip"].attributes["saga.reason"] == "no seat"


def test_a_refusal_s_code_is_on_the_bar_and_on_its_step_and_on_no_other() -> None:
    told = Told(*REFUSED)
    coded = {name for name, span in told.spans.items() if span.attributes.get("saga.refusal.code") == "sold_out"}
    assert coded == {"saga book_trip", "saga.step book_flight"}


def test_a_compensation_goes_by_its_own_name() -> None:
    told = Told(*REFUSED)
    compensation = told.spans["saga.compensate cancel_hotel"]
    assert compensation.attributes["saga.step"] == "book_hotel"
    assert compensation.attributes["saga.direction"] == "compensation"
    assert "saga.compensate turn_down" in told.spans


def test_silence_is_a_fault_of_the_step_and_not_of_the_saga() -> None:
    told = Told(
        Succeeded(HOTEL), TimedOut(FLIGHT), Succeeded(NO_FLIGHT), Succeeded(NO_HOTEL), Succeeded(TURN_DOWN)
    )
    faults = {name for name, span in told.spans.items() if span.fault}
    assert faults == {"saga.step book_flight"}
    assert told.spans["saga.step book_flight"].attributes["saga.outcome"] == "in_doubt"
    assert told.spans["saga book_trip"].attributes["saga.cause"] == "silence"


def test_what_is_awaited_when_a_saga_is_called_back_is_in_doubt_without_a_fault() -> None:
    told = Told(Cancelled("changed my mind"), Succeeded(NO_HOTEL), Succeeded(NO_FLIGHT), Succeeded(TURN_DOWN))
    assert outcomes(told)["saga.step book_hotel"] == "in_doubt"
    assert told.seconds("saga.step book_flight") == (0, 1)
    assert not any(span.fault for span in told.spans.values())


def test_a_step_that_was_asked_again_is_one_bar_from_its_first_attempt() -> None:
    told = Told(
        Succeeded(HOTEL),
        Succeeded(FLIGHT),
        ResendRequested("again"),
        Succeeded(MONEY_AGAIN),
        Succeeded(TICKETS),
    )
    step = told.spans["saga.step take_money"]
    assert told.seconds("saga.step take_money") == (2, 4)
    assert step.attributes["saga.attempt"] == 2
    assert [moment.name for moment in step.moments] == ["take_money asked", "take_money succeeded"]


def test_an_answer_that_came_too_late_is_an_event_of_the_bar_alone() -> None:
    told = Told(*REFUSED[:2], Succeeded(FLIGHT), *REFUSED[2:])
    assert "book_flight ignored" in {moment.name for moment in told.spans["saga book_trip"].moments}
    assert told.seconds("saga.step book_flight") == (0, 2)


def test_the_steps_are_below_the_bar_and_commands_name_their_step_before_its_span_exists() -> None:
    told = Told(*REFUSED)
    bar = told.spans["saga book_trip"]
    assert bar.traceparent == PARENT
    for ask, name in ((HOTEL, "saga.step book_hotel"), (NO_HOTEL, "saga.compensate cancel_hotel")):
        step = told.spans[name]
        assert step.traceparent == place_of_saga(told.opened) == _place(bar)
        assert place_of_step(told.opened, ask) == _place(step)
    assert len({span.span_id for span in told.spans.values()}) == len(told.spans)


def test_the_key_of_the_run_goes_by_the_name_of_its_function() -> None:
    assert Told(*COMPLETED).spans["saga book_trip"].attributes["trip"] == "rome"


def _place(span: FinishedSpan) -> str:
    return f"{PARENT[:36]}{span.span_id:016x}-01"
