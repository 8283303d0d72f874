"""What somebody puts into a basket, as the order service takes it."""

from collections.abc import Mapping
from typing import Final

from counterstep.http.problems import Problem
from shop_client import NewOrder

QUANTITY: Final = "quantity-"
"""Begins the name of each product's field; its sku follows."""


def order_of(fields: Mapping[str, str]) -> NewOrder:
    """The order that a form stands for. Problem where nothing is in the basket, or a quantity is no number."""
    basket = {
        name.removeprefix(QUANTITY): _quantity(value)
        for name, value in fields.items()
        if name.startswith(QUANTITY) and value.strip() not in {"", "0"}
    }
    if not basket:
        raise Problem(422, "the basket is empty: say how many of something")
    return NewOrder.of(fields.get("customer", "").strip(), basket)


def _quantity(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise Problem(422, f"{value!r} is no quantity: give a whole number") from None
