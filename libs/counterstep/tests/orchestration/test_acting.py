"""An operator is told why an act can do nothing."""

from typing import TypeAlias
from uuid import uuid4

import pytest
from contracts.catalogue import Line
from contracts.inventory import StockReserved, StockUnavailable
from contracts.money import Money
from contracts.order import OrderPlaced, OrderRejected
from contracts.payment import PaymentAuthorized
from counterstep.orchestration.api.acting import hindrance
from counterstep.orchestration.instances import LoadedInstance, RawMessage
from counterstep.orchestration.model import Act
from counterstep.protocol.messages import Reply
from counterstep.saga.rehearsal import rehearse
from orchestrator.sagas.place_order import PLACE_ORDER

Replies: TypeAlias = tuple[Reply | type[Reply], ...]

ORDER = OrderPlaced(
    order_id=uuid4(),
    customer_id="ada",
    lines=(Line(sku="lamp", quantity=2),),
    total=Money(amount=5980),
    needs_review=False,
)
TOLD = RawMessage("order.order_placed.v2", ORDER.model_dump_json().encode())
WAITING: Replies = (StockReserved,)
PAST_THE_PIVOT: Replies = (StockReserved, PaymentAuthorized(authorization_id=uuid4()))
ON_ITS_WAY_BACK: Replies = (StockUnavailable,)
ENDED: Replies = (StockUnavailable, OrderRejected)


def opened(replies: Replies) -> LoadedInstance:
    return LoadedInstance(uuid4(), PLACE_ORDER, TOLD, ORDER, None, rehearse(PLACE_ORDER, ORDER, replies).run)


@pytest.mark.parametrize("replies", [WAITING, PAST_THE_PIVOT, ON_ITS_WAY_BACK])
def test_a_run_that_has_not_ended_can_be_retried(replies: Replies) -> None:
    assert hindrance(Act.RETRY, opened(replies)) is None


def test_a_run_can_be_called_back_until_its_pivot_is_asked_for() -> None:
    assert hindrance(Act.COMPENSATE, opened(WAITING)) is None
    assert (
        hindrance(Act.COMPENSATE, opened(PAST_THE_PIVOT))
        == "the saga's pivot, capture_payment, has been asked for: it only goes forward now"
    )


def test_a_run_on_its_way_back_cannot_be_called_back_again() -> None:
    why_not = hindrance(Act.COMPENSATE, opened(ON_ITS_WAY_BACK))
    assert why_not == "the saga is on its way back already: StockUnavailable"


@pytest.mark.parametrize("act", Act)
def test_nothing_can_be_done_to_a_run_that_has_ended(act: Act) -> None:
    assert hindrance(act, opened(ENDED)) == "the saga has ended, compensated: nothing is awaited"
