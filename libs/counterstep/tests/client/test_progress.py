"""A saga's history folded into its commands and its steps."""

from datetime import UTC, datetime, timedelta

from counterstep.client.progress import attempts, steps
from counterstep.http.views.sagas import SagaHistoryEntry
from counterstep.protocol.answers import Direction

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = ("review", "reserve", "pay", "ship")


def history(*events: tuple[str, Direction, str], attempt: int = 1) -> list[SagaHistoryEntry]:
    """One entry a second."""
    about = {"attempt": attempt, "detail": None}
    return [
        SagaHistoryEntry.model_validate(
            {"at": BEGAN + timedelta(seconds=second), "step": step, "direction": way, "event": event, **about}
        )
        for second, (step, way, event) in enumerate(events)
    ]


def test_a_step_before_one_that_was_begun_was_skipped() -> None:
    found = steps(STEPS, "order", history(("reserve", "forward", "asked")))
    assert [step.skipped for step in found] == [True, False, False, False]


def test_a_reply_settles_the_attempt_and_its_time() -> None:
    found = steps(STEPS, "order", history(("reserve", "forward", "asked"), ("reserve", "forward", "succeeded")))
    leg = found[1].forward
    assert leg
    assert (leg.last.outcome, leg.took(BEGAN + timedelta(days=1))) == ("succeeded", timedelta(seconds=1))


def test_a_pending_command_takes_until_now() -> None:
    (_, reserve, *_) = steps(STEPS, "order", history(("reserve", "forward", "asked")))
    assert reserve.forward
    later = BEGAN + timedelta(seconds=9)
    assert (reserve.forward.last.outcome, reserve.forward.took(later)) == ("pending", timedelta(seconds=9))


def test_a_command_that_is_sent_again_is_superseded_and_its_step_takes_from_the_first_sending() -> None:
    first = history(("reserve", "forward", "asked"))
    second = [entry.model_copy(update={"at": BEGAN + timedelta(seconds=5), "attempt": 2}) for entry in first]
    leg = steps(STEPS, "order", [*first, *second])[1].forward
    assert leg
    assert [(each.number, each.outcome) for each in leg.attempts] == [(1, "superseded"), (2, "pending")]
    assert leg.took(BEGAN + timedelta(seconds=7)) == timedelta(seconds=7)


def test_a_reply_to_an_attempt_that_was_superseded_does_not_settle_the_next() -> None:
    first = history(("pay", "forward", "asked"), ("pay", "forward", "succeeded"))
    second = first[0].model_copy(update={"attempt": 2})
    assert [each.outcome for each in attempts([first[0], second, first[1]])] == ["superseded", "pending"]


def test_the_compensation_stands_beside_its_step_and_the_saga_s_own_comes_last() -> None:
    found = steps(
        STEPS,
        "order",
        history(
            ("reserve", "forward", "asked"),
            ("reserve", "forward", "succeeded"),
            ("pay", "forward", "asked"),
            ("pay", "forward", "refused"),
            ("reserve", "compensation", "asked"),
            ("reserve", "compensation", "succeeded"),
            ("order", "compensation", "asked"),
        ),
    )
    outcomes = {
        step.step: (
            step.forward and step.forward.last.outcome,
            step.compensation and step.compensation.last.outcome,
        )
        for step in found
    }
    assert outcomes == {
        "review": (None, None),
        "reserve": ("succeeded", "succeeded"),
        "pay": ("refused", None),
        "ship": (None, None),
        "order": (None, "pending"),
    }


def test_what_was_pending_when_the_saga_was_cancelled_is_in_doubt() -> None:
    found = steps(STEPS, "order", history(("reserve", "forward", "asked"), ("order", "forward", "turned_back")))
    assert found[1].forward
    assert found[1].forward.last.outcome == "in_doubt"


def test_every_attempt_names_the_entries_that_sent_and_settled_it() -> None:
    (attempt,) = attempts(history(("pay", "forward", "asked"), ("pay", "forward", "refused")))
    assert (attempt.sent, attempt.settled) == (0, 1)
