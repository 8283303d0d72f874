"""Placing an order, once per caller and idempotency key."""

from hashlib import sha256
from typing import Final

from asyncpg import UniqueViolationError
from contracts.catalogue import Line
from contracts.money import Money
from contracts.order import OrderPlaced
from counterstep.http import OpenTransaction, Problem
from pydantic import ValidationError
from sqlalchemy import ARRAY, String, any_, bindparam
from sqlmodel import col, select
from uuid_utils.compat import uuid7

from order.api.views import NewOrder
from order.model import Order, PricedLine, Product, priced

_BY_SKU: Final = select(Product).where(col(Product.sku) == any_(bindparam("skus", type_=ARRAY(String))))
"""Built and planned once, for any number of lines: every order is priced by it."""


async def place(tx: OpenTransaction, new: NewOrder, placed_by: str, key: str) -> Order:
    """The order that the key stands for: a new one, or the one that was placed with this key before.

    It is placed first, and looked for only if that fails. So a new order costs two round trips to the database:
    one reads the prices, one writes the order and its event. Of two requests with one Idempotency-Key a unique key
    of the table lets one through. Raises `Problem` for an unknown product and for a key that stands for another
    order.
    """
    fingerprint = sha256(new.model_dump_json().encode()).hexdigest()
    try:
        order = await _placed_now(tx, new, placed_by, key, fingerprint)
        await tx.commit()
    except (UniqueViolationError, Problem):
        before = await _placed_before(tx, placed_by, key)
        if before is None:
            raise
        order = before
    if order.fingerprint != fingerprint:
        raise Problem(422, "this Idempotency-Key stands for another order; give every new order a new key")
    return order


async def _placed_now(tx: OpenTransaction, new: NewOrder, placed_by: str, key: str, fingerprint: str) -> Order:
    order = Order(
        order_id=uuid7(),
        saga_id=uuid7(),
        customer_id=new.customer_id,
        lines=await _at_todays_prices(tx, new.lines),
        placed_by=placed_by,
        idempotency_key=key,
        fingerprint=fingerprint,
    )
    _record(tx, order, new)
    return order


async def _placed_before(tx: OpenTransaction, placed_by: str, key: str) -> Order | None:
    query = select(Order).where(Order.placed_by == placed_by, Order.idempotency_key == key)
    return (await tx.session.exec(query)).one_or_none()


async def _at_todays_prices(tx: OpenTransaction, lines: tuple[Line, ...]) -> tuple[PricedLine, ...]:
    found = await tx.session.exec(_BY_SKU, params={"skus": [line.sku for line in lines]})
    products = {product.sku: product for product in found}
    unknown = {
        f"body.lines.{index}.sku": f"there is no product {line.sku}"
        for index, line in enumerate(lines)
        if line.sku not in products
    }
    if unknown:
        raise Problem(422, f"{next(iter(unknown.values()))}; GET /products lists them all", errors=unknown)
    return priced(lines, products)


def _record(tx: OpenTransaction, order: Order, new: NewOrder) -> None:
    """The order and the event that starts its saga, in one round trip: on disk together, or not at all."""
    tx.publish(
        OrderPlaced(
            order_id=order.order_id,
            customer_id=order.customer_id,
            lines=new.lines,
            total=_total(order),
            needs_review=order.needs_review,
        ),
        saga_id=order.saga_id,
    )
    tx.insert(order)


def _total(order: Order) -> Money:
    try:
        return order.total
    except ValidationError:
        raise Problem(422, "this costs more than one order can; split it") from None
