"""A load, before anything is sent: its mix, its plan, and what its figures mean."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from counterstep.http.views.sagas import SagaSummary
from counterstep.saga.instance import Status
from infra.load.measurements import Measurements, percentile
from infra.load.mix import Mix
from infra.load.planning import DEAREST, MOST_LINES, MOST_PIECES, PENNILESS, SOLD_OUT, Planned, plan
from infra.load.reporting import report
from order.review import REVIEW_ABOVE

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
MIX = Mix.parse("confirmed=80,no_stock=10,no_money=10")


def moment(seconds: float) -> datetime:
    return BEGUN + timedelta(seconds=seconds)


def planned(due: float = 0) -> Planned:
    return Planned(0, due, "ada", {"load-1": 1}, "confirmed")


def ended(
    at: float, *, status: Status = Status.COMPLETED, reason: str | None = None, code: str | None = None
) -> SagaSummary:
    return SagaSummary(
        saga_id=uuid4(),
        saga="place_order",
        version=1,
        key="",
        status=status,
        reason=reason,
        code=code,
        trace_id=None,
        trace_url=None,
        started_at=moment(0),
        ended_at=moment(at),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stolen=10", "'stolen' is not an outcome"),
        ("confirmed", "confirmed=: a share is a whole number"),
        ("confirmed=-1", "confirmed=-1: a share is a whole number"),
        ("confirmed=0", "at least one share must be above zero"),
        ("", "'' is not an outcome"),
    ],
)
def test_a_mix_that_cannot_be_meant_says_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Mix.parse(text)


def test_the_same_seed_makes_the_same_orders_and_another_seed_makes_others() -> None:
    assert plan(rate=50, seconds=4, mix=MIX, seed=7) == plan(rate=50, seconds=4, mix=MIX, seed=7)
    assert plan(rate=50, seconds=4, mix=MIX, seed=7) != plan(rate=50, seconds=4, mix=MIX, seed=8)


def test_as_many_orders_as_were_asked_for_come_within_the_time_in_the_order_in_which_they_are_due() -> None:
    dues = [order.due for order in plan(rate=50, seconds=4, mix=MIX, seed=7)]
    assert len(dues) == 200
    assert dues == sorted(dues)
    assert all(0 <= due <= 4 for due in dues)


def test_fates_come_in_the_shares_of_the_mix_and_each_order_is_made_for_its_own() -> None:
    orders = plan(rate=1_000, seconds=10, mix=MIX, seed=7)
    shares = Counter(order.fate for order in orders)
    assert 7_800 < shares["confirmed"] < 8_200
    for order in orders:
        assert (SOLD_OUT in order.basket) is (order.fate == "no_stock")
        assert (order.customer == PENNILESS) is (order.fate == "no_money")


def test_no_order_is_so_dear_that_a_person_must_review_it() -> None:
    assert (MOST_LINES + 1) * MOST_PIECES * DEAREST < REVIEW_ABOVE


def test_the_time_to_the_end_counts_from_when_the_order_was_due_however_late_it_was_sent() -> None:
    order, saga = planned(due=1), ended(at=4)
    measurements = Measurements([order], BEGUN)
    measurements.sent(order, moment(3))
    measurements.took(order, saga.saga_id)
    measurements.ended(saga)
    found = report(measurements)
    assert (found.p50_ms, found.late, found.kept_the_rate, found.well) == (3_000, 1, False, False)


def test_a_load_is_well_where_all_was_in_time_and_ended_as_meant() -> None:
    order, saga = planned(), ended(at=1)
    measurements = Measurements([order], BEGUN)
    measurements.sent(order, moment(0.05))
    measurements.took(order, saga.saga_id)
    assert not report(measurements).well  # it has not ended
    measurements.ended(saga)
    assert report(measurements).well


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("insufficient_funds", "no_money"),
        ("insufficient_stock", "no_stock"),
        ("unknown_product", "unknown_product"),
        (None, "a sentence for people"),
    ],
)
def test_an_order_that_ended_otherwise_than_it_was_made_for_is_counted(code: str | None, outcome: str) -> None:
    order, saga = planned(), ended(at=1, status=Status.COMPENSATED, reason="a sentence for people", code=code)
    measurements = Measurements([order], BEGUN)
    measurements.took(order, saga.saga_id)
    measurements.ended(saga)
    assert (report(measurements).outcomes, report(measurements).unplanned, report(measurements).well) == (
        {outcome: 1},
        1,
        False,
    )


def test_percentiles_are_times_that_were_measured() -> None:
    times = [timedelta(seconds=seconds) for seconds in (5, 1, 4, 2, 3)]
    assert percentile(times, 0.5) == timedelta(seconds=3)
    assert percentile(times, 0.95) == timedelta(seconds=5)
    assert percentile([], 0.5) is None
