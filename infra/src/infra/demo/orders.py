"""Placing an order as a customer does, and reading what became of it."""

from collections.abc import Mapping
from uuid import uuid4

from counterstep.http.roles import Role
from shop_client import NewOrder, Order, orders

from infra.launcher import Deployment


def place(stack: Deployment, customer: str, basket: Mapping[str, int]) -> Order:
    """Place an order of this basket (sku → how many). Raises `ApiError` where it is not accepted."""
    request = orders.place(NewOrder.of(customer, basket), key=str(uuid4()))
    return stack.api(Role.CUSTOMER, customer).send("order", request)


def read(stack: Deployment, placed: Order) -> Order:
    """The order as it is now. Raises `ApiError`."""
    return stack.api(Role.CUSTOMER, placed.customer_id).send("order", orders.read(placed.order_id))
