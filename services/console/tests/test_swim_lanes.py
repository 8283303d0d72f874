"""A history becomes swim lanes."""

from console.sagas.swim_lanes import swim_lanes
from saga_details import REFUSED, RETRIED, saga_detail

DRAWN = swim_lanes(saga_detail(REFUSED), started_by="order")


def test_the_first_lanes_are_the_starting_service_and_the_orchestrator() -> None:
    assert DRAWN.services == ("order", "orchestrator", "inventory", "payment")


def test_a_reply_and_the_commands_it_causes_share_a_moment() -> None:
    assert [(bar.begin, bar.end) for bar in DRAWN.bars] == [(0, 1), (1, 2), (2, 3)]
    assert DRAWN.moments == (0, 2, 4, 6)


def test_a_compensation_is_named_after_its_own_command() -> None:
    assert [(bar.command, bar.direction) for bar in DRAWN.bars][-1] == ("release_stock", "compensation")


def test_a_refusal_shows_its_reason() -> None:
    refused = DRAWN.bars[1]
    assert (refused.outcome, refused.detail, refused.seconds) == ("refused", "no money", 1)


def test_the_orchestrator_s_lane_shows_the_saga_s_start_and_end() -> None:
    assert [(milestone.moment, milestone.event) for milestone in DRAWN.milestones] == [
        (0, "started"),
        (3, "compensated"),
    ]


def test_an_attempt_ends_where_the_next_supersedes_it_or_the_saga_is_cancelled() -> None:
    first, second, undoing = swim_lanes(saga_detail(RETRIED), started_by="order").bars
    assert (first.outcome, first.end) == ("superseded", 1)
    assert (second.outcome, second.end, second.attempt) == ("in_doubt", 2, 2)
    assert (undoing.outcome, undoing.end) == ("pending", None)


def test_a_saga_without_history_is_drawn_empty() -> None:
    assert swim_lanes(saga_detail([]), started_by="order").bars == ()
