"""Placing orders as a customer does, and reading what became of them."""

from typing import Any
from uuid import UUID, uuid4

from counterstep.http.roles import Role
from pydantic import BaseModel

from infra.launcher.deployment import Deployment


class Order(BaseModel, frozen=True):
    """An order; the saga settles it."""

    order_id: UUID
    saga_id: UUID
    customer_id: str
    status: str
    reason: str | None


def place(stack: Deployment, customer: str, basket: dict[str, int]) -> Order:
    """Place an order of these pieces (sku → how many). Raises Failure where it is not taken."""
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in basket.items()]
    body: dict[str, Any] = {"customer_id": customer, "lines": lines}
    placed = stack.api(Role.CUSTOMER, customer).post(
        f"{stack.url('order')}/orders", body, **{"Idempotency-Key": str(uuid4())}
    )
    return Order.model_validate(placed)


def read(stack: Deployment, placed: Order) -> Order:
    """What became of it. Raises Failure."""
    api = stack.api(Role.CUSTOMER, placed.customer_id)
    return Order.model_validate(api.get(f"{stack.url('order')}/orders/{placed.order_id}"))
