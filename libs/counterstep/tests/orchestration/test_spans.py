"""The spans of an instance, from its history: one for its whole life, and one for each step."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from counterstep.orchestration.history import RecordedEntry
from counterstep.orchestration.instances import LoadedInstance, RawMessage
from counterstep.orchestration.spans import place_of_saga, place_of_step, spans_of
from counterstep.saga.attempt import Attempt
from counterstep.saga.engine import advance, begin
from counterstep.saga.transition import (
    Cancelled,
    HistoryEntry,
    HistoryEvent,
    Input,
    Refused,
    ResendRequested,
    Succeeded,
    TimedOut,
    Transition,
)
from counterstep.telemetry import FinishedSpan
from travel.sagas import BOOK_TRIP, WANTED

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SAGA = UUID(int=7)
START_EVENT = RawMessage("trip.trip_wanted.v2", WANTED.model_dump_json().encode())
BEGUN = datetime(2026, 11, 24, tzinfo=UTC)
SECOND = 1_000_000_000
START = int(BEGUN.timestamp()) * SECOND

HOTEL, FLIGHT = Attempt("book_hotel", "forward"), Attempt("book_flight", "forward")
NO_HOTEL, NO_FLIGHT = Attempt("book_hotel", "compensation"), Attempt("book_flight", "compensation")
MONEY, MONEY_AGAIN = Attempt("take_money", "forward"), Attempt("take_money", "forward", 2)
TICKETS, TURN_DOWN = Attempt("send_tickets", "forward"), Attempt("book_trip", "compensation")


class Played:
    """An instance after these inputs, one a second, and its spans."""

    def __init__(self, *inputs: Input) -> None:
        first = begin(BOOK_TRIP, skipped=["check_visa"])
        self.loaded = LoadedInstance(SAGA, BOOK_TRIP, START_EVENT, WANTED, PARENT, first.instance)
        self.history = list(self._history(first, inputs))
        self.spans = {span.name: span for span in spans_of(self.loaded, self.history)}

    def _history(self, first: Transition, inputs: tuple[Input, ...]) -> Iterator[RecordedEntry]:
        yield from self._recorded(0, first)
        for second, each in enumerate(inputs, 1):
            yield from self._recorded(second, advance(BOOK_TRIP, self.loaded.instance, each))

    def _recorded(self, second: int, transition: Transition) -> Iterator[RecordedEntry]:
        self.loaded.instance = transition.instance
        at = BEGUN + timedelta(seconds=second)
        yield from (RecordedEntry(SAGA, entry, None, at) for entry in transition.entries)

    def seconds(self, name: str) -> tuple[float, float]:
        span = self.spans[name]
        return (span.start - START) / SECOND, (span.end - START) / SECOND


def outcomes(played: Played) -> dict[str, object]:
    return {name: span.attributes["saga.outcome"] for name, span in played.spans.items()}


COMPLETED = (Succeeded(HOTEL), Succeeded(FLIGHT), Succeeded(MONEY), Succeeded(TICKETS))
REFUSED = (Succeeded(HOTEL), Refused(FLIGHT, "no seat", "sold_out"), Succeeded(NO_HOTEL), Succeeded(TURN_DOWN))


def test_a_completed_instance_is_one_span_and_one_for_each_step() -> None:
    played = Played(*COMPLETED)
    assert outcomes(played) == {
        "saga book_trip": "completed",
        "saga.step book_hotel": "succeeded",
        "saga.step book_flight": "succeeded",
        "saga.step take_money": "succeeded",
        "saga.step send_tickets": "succeeded",
    }


def test_the_saga_s_span_lasts_until_the_end_and_a_step_s_until_its_reply() -> None:
    played = Played(*COMPLETED)
    assert played.seconds("saga book_trip") == (0, 4)
    assert played.seconds("saga.step book_hotel") == (0, 1)
    assert played.seconds("saga.step take_money") == (2, 3)


def test_each_history_entry_is_an_event_of_the_saga_s_span() -> None:
    moments = [moment.name for moment in Played(*REFUSED).spans["saga book_trip"].moments]
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


def test_a_refusal_is_no_fault_and_the_saga_s_span_has_the_reason() -> None:
    played = Played(*REFUSED)
    assert [span.fault for span in played.spans.values()] == [None] * 5
    assert played.spans["saga.step book_flight"].attributes["saga.outcome"] == "refused"
    assert played.spans["saga book_trip"].attributes["saga.reason"] == "no seat"


def test_a_refusal_s_code_is_on_the_bar_and_on_its_step_and_on_no_other() -> None:
    played = Played(*REFUSED)
    coded = {name for name, span in played.spans.items() if span.attributes.get("saga.refusal.code") == "sold_out"}
    assert coded == {"saga book_trip", "saga.step book_flight"}


def test_a_compensation_has_its_own_name() -> None:
    played = Played(*REFUSED)
    compensation = played.spans["saga.compensate cancel_hotel"]
    assert compensation.attributes["saga.step"] == "book_hotel"
    assert compensation.attributes["saga.direction"] == "compensation"
    assert "saga.compensate turn_down" in played.spans


def test_a_timeout_is_a_fault_of_the_step_and_not_of_the_saga() -> None:
    played = Played(
        Succeeded(HOTEL), TimedOut(FLIGHT), Succeeded(NO_FLIGHT), Succeeded(NO_HOTEL), Succeeded(TURN_DOWN)
    )
    faults = {name for name, span in played.spans.items() if span.fault}
    assert faults == {"saga.step book_flight"}
    assert played.spans["saga.step book_flight"].attributes["saga.outcome"] == "in_doubt"
    assert played.spans["saga book_trip"].attributes["saga.cause"] == "silence"


def test_a_step_that_is_pending_at_a_cancellation_is_in_doubt_without_a_fault() -> None:
    played = Played(Cancelled("changed my mind"), Succeeded(NO_HOTEL), Succeeded(NO_FLIGHT), Succeeded(TURN_DOWN))
    assert outcomes(played)["saga.step book_hotel"] == "in_doubt"
    assert played.seconds("saga.step book_flight") == (0, 1)
    assert not any(span.fault for span in played.spans.values())


def test_a_step_that_was_resent_is_one_span_from_its_first_attempt() -> None:
    played = Played(
        Succeeded(HOTEL),
        Succeeded(FLIGHT),
        ResendRequested("again"),
        Succeeded(MONEY_AGAIN),
        Succeeded(TICKETS),
    )
    step = played.spans["saga.step take_money"]
    assert played.seconds("saga.step take_money") == (2, 4)
    assert step.attributes["saga.attempt"] == 2
    assert [moment.name for moment in step.repeated] == ["take_money asked", "take_money succeeded"]


def test_a_late_reply_is_an_event_of_the_saga_s_span_alone() -> None:
    played = Played(*REFUSED[:2], Succeeded(FLIGHT), *REFUSED[2:])
    assert "book_flight ignored" in {moment.name for moment in played.spans["saga book_trip"].moments}
    assert played.seconds("saga.step book_flight") == (0, 2)


def test_steps_are_below_the_saga_and_commands_name_their_step_before_its_span_exists() -> None:
    played = Played(*REFUSED)
    whole = played.spans["saga book_trip"]
    assert whole.traceparent == PARENT
    for attempt, name in ((HOTEL, "saga.step book_hotel"), (NO_HOTEL, "saga.compensate cancel_hotel")):
        step = played.spans[name]
        assert step.traceparent == place_of_saga(played.loaded) == _place(whole)
        assert place_of_step(played.loaded, attempt) == _place(step)
    assert len({span.span_id for span in played.spans.values()}) == len(played.spans)


def test_the_business_key_is_named_after_its_function() -> None:
    assert Played(*COMPLETED).spans["saga book_trip"].attributes["trip"] == "rome"


def _place(span: FinishedSpan) -> str:
    return f"{PARENT[:36]}{span.span_id:016x}-01"


def test_an_entry_about_a_step_that_the_saga_does_not_have_is_told_by_its_own_name() -> None:
    played = Played(*COMPLETED)
    strange = HistoryEntry(HistoryEvent.IGNORED, Attempt("rob_bank", "compensation"), "succeeded")
    entered = [*played.history, RecordedEntry(SAGA, strange, None, BEGUN)]
    [whole, *_] = spans_of(played.loaded, entered)
    assert whole.moments[-1].name == "rob_bank ignored"
