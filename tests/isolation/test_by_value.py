"""By value: above a sum, a person decides before anything is taken."""

from dataclasses import replace
from uuid import UUID

import pytest
from contracts.money import Money
from contracts.order import OrderPlaced, ReviewOrder
from counterstep.saga.definition import Saga
from counterstep.saga.rehearsal import rehearse
from orchestrator.sagas.place_order import PLACE_ORDER
from order.model import Order, PricedLine
from order.review import REVIEW_ABOVE

from isolation.books import LAMP
from isolation.sale import order


def _at(cost: int) -> Order:
    """An order of one lamp for this much, as the order service keeps it."""
    return Order(
        order_id=UUID(int=1),
        saga_id=UUID(int=2),
        customer_id="ada",
        lines=(PricedLine(sku=LAMP, quantity=1, unit_price=Money(amount=cost)),),
        placed_by="ada",
        idempotency_key="key",
        fingerprint="0",
    )


def _first_command(saga: Saga[OrderPlaced], cost: int) -> type[object]:
    placed = order(1).model_copy(update={"needs_review": _at(cost).needs_review})
    return rehearse(saga, placed, []).sent[0]


@pytest.mark.parametrize("cost", [REVIEW_ABOVE + 1, 10 * REVIEW_ABOVE])
def test_a_dear_order_takes_nothing_before_a_person_has_decided(cost: int) -> None:
    assert _first_command(PLACE_ORDER, cost) is ReviewOrder


@pytest.mark.parametrize("cost", [1, REVIEW_ABOVE])
def test_any_other_order_waits_for_nobody(cost: int) -> None:
    assert _first_command(PLACE_ORDER, cost) is not ReviewOrder


def test_without_it_a_dear_order_takes_stock_at_once() -> None:
    unguarded = replace(PLACE_ORDER, compensatable=PLACE_ORDER.compensatable[1:])
    assert _first_command(unguarded, REVIEW_ABOVE + 1) is not ReviewOrder
