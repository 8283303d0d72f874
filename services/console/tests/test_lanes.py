"""A history becomes lanes."""

from console.lanes import lanes
from runs_told import REFUSED, RETRIED, run

DRAWN = lanes(run(REFUSED), begun_by="order")


def test_lanes_begin_with_who_began_and_with_the_orchestrator() -> None:
    assert DRAWN.services == ("order", "orchestrator", "inventory", "payment")


def test_what_follows_from_what_is_heard_stands_at_the_same_moment() -> None:
    assert [(bar.begin, bar.end) for bar in DRAWN.bars] == [(0, 1), (1, 2), (2, 3)]
    assert DRAWN.moments == (0, 2, 4, 6)


def test_a_compensation_is_called_by_its_own_command() -> None:
    assert [(bar.command, bar.direction) for bar in DRAWN.bars][-1] == ("release_stock", "compensation")


def test_a_refusal_has_its_reason() -> None:
    refused = DRAWN.bars[1]
    assert (refused.outcome, refused.detail, refused.seconds) == ("refused", "no money", 1)


def test_the_orchestrator_s_lane_shows_what_it_made_of_it() -> None:
    assert [(mark.moment, mark.event) for mark in DRAWN.marks] == [(0, "started"), (3, "compensated")]


def test_an_attempt_ends_where_the_next_supersedes_it_or_the_saga_is_cancelled() -> None:
    first, second, undoing = lanes(run(RETRIED), begun_by="order").bars
    assert (first.outcome, first.end) == ("superseded", 1)
    assert (second.outcome, second.end, second.attempt) == ("in_doubt", 2, 2)
    assert (undoing.outcome, undoing.end) == ("pending", None)


def test_a_run_whose_beginning_is_not_told_yet_is_drawn_empty() -> None:
    assert lanes(run([]), begun_by="order").bars == ()
