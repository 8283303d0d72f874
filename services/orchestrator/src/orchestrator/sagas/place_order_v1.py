"""Version 1 of placing an order: the stock first, and only then the money.

Instances that began on it end on it. It uses the same steps as version 2, so it imports their functions. When
`saga definitions` shows that no instance of it is left, delete this file, its line in `sagas/__init__.py`, its
test and its golden file.
"""

from datetime import timedelta

from contracts.order import CancellationRequested, OrderPlaced
from counterstep.saga import Saga, step

from orchestrator.sagas.place_order import (
    approve_order,
    authorize_payment,
    capture_payment,
    commit_stock,
    customer_id,
    needs_review,
    order_id,
    reject_order,
    release_stock,
    reserve_stock,
    review_order,
    void_payment,
    withdraw_review,
)

PLACE_ORDER_V1 = Saga(
    name="place_order",
    version=1,
    starts_on=OrderPlaced,
    key=order_id,
    undo=reject_order,
    compensatable=(
        step(review_order, undo=withdraw_review, within=timedelta(days=3), when=needs_review),
        step(reserve_stock, undo=release_stock, within=timedelta(seconds=10)),
        step(authorize_payment, undo=void_payment, within=timedelta(seconds=30)),
    ),
    pivot=capture_payment,
    retriable=(commit_stock, approve_order),
    cancelled_by=CancellationRequested,
    owner=customer_id,
    unique=True,
)
