"""Placing an order, once per caller and idempotency key."""

from hashlib import sha256

from chassis.problems import Problem
from chassis.views.problem import FieldError
from contracts.catalogue import Line
from contracts.money import Money
from contracts.order import OrderPlaced
from messaging import Transaction, Transactions
from pydantic import ValidationError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from order.api.views import NewOrder
from order.model import Order, PricedLine, Product, priced


async def place(transactions: Transactions, new: NewOrder, placed_by: str, key: str) -> Order:
    """The order that the key stands for; placed now, unless it was before.

    Raises `Problem` for an unknown product and for a key that stands for another order, and `IntegrityError` where
    a request with the same key is a moment ahead.
    """
    fingerprint = sha256(new.model_dump_json().encode()).hexdigest()
    async with transactions() as tx:
        order = await _placed_before(tx.session, placed_by, key)
        if order is None:
            order = Order(
                order_id=uuid7(),
                saga_id=uuid7(),
                customer_id=new.customer_id,
                lines=await _at_todays_prices(tx.session, new.lines),
                placed_by=placed_by,
                idempotency_key=key,
                fingerprint=fingerprint,
            )
            _put_on_record(tx, order, new)
    if order.fingerprint != fingerprint:
        raise Problem(422, "this Idempotency-Key stands for another order; give every new order a new key")
    return order


async def _placed_before(session: AsyncSession, placed_by: str, key: str) -> Order | None:
    query = select(Order).where(Order.placed_by == placed_by, Order.idempotency_key == key)
    return (await session.exec(query)).one_or_none()


async def _at_todays_prices(session: AsyncSession, lines: tuple[Line, ...]) -> tuple[PricedLine, ...]:
    query = select(Product).where(col(Product.sku).in_([line.sku for line in lines]))
    products = {product.sku: product for product in await session.exec(query)}
    unknown = [
        FieldError(field=f"body.lines.{index}.sku", detail=f"there is no product {line.sku}")
        for index, line in enumerate(lines)
        if line.sku not in products
    ]
    if unknown:
        raise Problem(422, f"{unknown[0].detail}; GET /products lists them all", errors=unknown)
    return priced(lines, products)


def _put_on_record(tx: Transaction, order: Order, new: NewOrder) -> None:
    """The order and its announcement, which are on disk together or not at all."""
    tx.session.add(order)
    tx.announce(
        OrderPlaced(order_id=order.order_id, customer_id=order.customer_id, lines=new.lines, total=_total(order)),
        saga_id=order.saga_id,
    )


def _total(order: Order) -> Money:
    try:
        return order.total
    except ValidationError:
        raise Problem(422, "this costs more than one order can; split it") from None
