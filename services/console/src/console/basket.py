"""What somebody puts into a basket, as the order service takes it."""

from collections.abc import Mapping
from typing import Any, Final

from counterstep.http.problems import Problem

QUANTITY: Final = "quantity-"
"""Begins the name of each product's field; its sku follows."""


def order_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The order that a form stands for. Problem where nothing is in the basket, or a quantity is no number."""
    lines = [
        {"sku": name.removeprefix(QUANTITY), "quantity": _quantity(value)}
        for name, value in fields.items()
        if name.startswith(QUANTITY) and value.strip() not in {"", "0"}
    ]
    if not lines:
        raise Problem(422, "the basket is empty: say how many of something")
    return {"customer_id": fields.get("customer", "").strip(), "lines": lines}


def _quantity(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise Problem(422, f"{value!r} is no quantity: give a whole number") from None
