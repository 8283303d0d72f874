"""How far a saga has come, read from its history."""

from datetime import UTC, datetime, timedelta

from counterstep.saga.instance import Status
from infra.client.sagas import STATUSES, Direction, Happening
from infra.screens.legs import lines

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = ("review", "reserve", "pay", "ship")


def history(*events: tuple[str, Direction, str], attempt: int = 1) -> list[Happening]:
    """One happening a second."""
    about = {"attempt": attempt, "detail": None}
    return [
        Happening.model_validate(
            {"at": BEGAN + timedelta(seconds=second), "step": step, "direction": way, "event": event, **about}
        )
        for second, (step, way, event) in enumerate(events)
    ]


def test_we_know_every_status_that_a_saga_can_have() -> None:
    assert set(STATUSES) == set(Status)


def test_a_step_before_one_that_was_asked_for_was_not_needed() -> None:
    found = lines(STEPS, "order", history(("reserve", "forward", "asked")))
    assert [line.skipped for line in found] == [True, False, False, False]


def test_an_answer_settles_the_leg_and_its_time() -> None:
    found = lines(STEPS, "order", history(("reserve", "forward", "asked"), ("reserve", "forward", "succeeded")))
    leg = found[1].forward
    assert leg
    assert (leg.state, leg.took(BEGAN + timedelta(days=1))) == ("succeeded", timedelta(seconds=1))


def test_what_is_awaited_takes_until_now() -> None:
    (_, reserve, *_) = lines(STEPS, "order", history(("reserve", "forward", "asked")))
    assert reserve.forward
    assert (reserve.forward.state, reserve.forward.took(BEGAN + timedelta(seconds=9))) == (
        "asked",
        timedelta(seconds=9),
    )


def test_a_step_that_was_asked_again_counts_its_attempts_from_the_first() -> None:
    again = history(("reserve", "forward", "asked"), ("reserve", "forward", "asked"), attempt=2)
    leg = lines(STEPS, "order", again)[1].forward
    assert leg
    assert (leg.attempts, leg.since) == (2, BEGAN)


def test_the_way_back_stands_beside_the_way_forward_and_the_saga_s_own_undo_comes_last() -> None:
    found = lines(
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
    states = {line.step: (line.forward and line.forward.state, line.back and line.back.state) for line in found}
    assert states == {
        "review": (None, None),
        "reserve": ("succeeded", "succeeded"),
        "pay": ("refused", None),
        "ship": (None, None),
        "order": (None, "asked"),
    }


def test_what_was_awaited_when_the_saga_was_called_back_is_in_doubt() -> None:
    found = lines(STEPS, "order", history(("reserve", "forward", "asked"), ("order", "forward", "turned_back")))
    assert found[1].forward
    assert found[1].forward.state == "in_doubt"
