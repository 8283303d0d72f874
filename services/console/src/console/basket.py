"""Turns the basket's form into a new order for the order service."""

from collections.abc import Mapping
from typing import Final

from counterstep.http.problems import Problem
from shop_client import NewOrder

QUANTITY: Final = "quantity-"
"""The prefix of each product's form field; the sku follows."""


def order_of(fields: Mapping[str, str]) -> NewOrder:
    """The order in a form. Raises `Problem` if the basket is empty or a quantity is not a number."""
    basket = {
        name.removeprefix(QUANTITY): _quantity(value)
        for name, value in fields.items()
        if name.startswith(QUANTITY) and value.strip() not in {"", "0"}
    }
    if not basket:
        raise Problem(422, "the basket is empty: enter a quantity for a product")
    return NewOrder.of(fields.get("customer", "").strip(), basket)


def _quantity(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise Problem(422, f"{value!r} is not a quantity: enter a whole number") from None
