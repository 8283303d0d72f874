"""Orders and the catalogue they are priced by."""

from collections.abc import Mapping
from typing import Literal, TypeAlias
from uuid import UUID

from contracts.catalogue import Line, Quantity, Sku
from contracts.money import Money
from counterstep.fields import Jsonb
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from order.review import REVIEW_ABOVE

CURRENCY = "EUR"

Cancellation: TypeAlias = Literal["requested", "too_late", "done"]
Status: TypeAlias = Literal["pending", "confirmed", "rejected", "cancelled"]


class Product(SQLModel, table=True):
    """A product and its price at this moment; an order keeps the price it was placed at."""

    __tablename__ = "products"

    sku: str = Field(primary_key=True)
    name: str
    amount: int = Field(sa_type=BigInteger)
    currency: str = CURRENCY

    @property
    def price(self) -> Money:
        return Money(amount=self.amount, currency=self.currency)


class PricedLine(BaseModel, frozen=True):
    """A number of pieces of one product, at the price when the order was placed."""

    sku: Sku
    quantity: Quantity
    unit_price: Money


def priced(lines: tuple[Line, ...], products: Mapping[str, Product]) -> tuple[PricedLine, ...]:
    """The lines at today's prices. Raises `KeyError` for a product that is not in the catalogue."""
    return tuple(
        PricedLine(sku=line.sku, quantity=line.quantity, unit_price=products[line.sku].price) for line in lines
    )


class Order(SQLModel, table=True):
    """What a customer wants, and what became of it. It ends once: confirmed, rejected or cancelled."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("placed_by", "idempotency_key", name="orders_idempotency"),
        Index("orders_by_customer", "customer_id", "order_id"),
        Index("orders_pending", "order_id", postgresql_where=text("status = 'pending'")),
    )

    order_id: UUID = Field(primary_key=True)
    saga_id: UUID
    customer_id: str
    lines: tuple[PricedLine, ...] = Field(sa_column=Column(Jsonb(tuple[PricedLine, ...]), nullable=False))
    status: Status = Field(default="pending", sa_type=String)
    reason: str | None = None
    code: str | None = None
    """The code of the refusal for which it was rejected; `None` where there was no refusal."""
    cancellation_requested: bool = False
    placed_by: str
    idempotency_key: str
    fingerprint: str

    @property
    def total(self) -> Money:
        """What the lines cost together. Raises `ValueError` where that is more than `Money` can hold."""
        return Money(amount=sum(line.quantity * line.unit_price.amount for line in self.lines), currency=CURRENCY)

    @property
    def needs_review(self) -> bool:
        """Whether a person must review it before stock is reserved and money held for it."""
        return self.total.amount > REVIEW_ABOVE

    @property
    def cancellation(self) -> Cancellation | None:
        """What became of the customer's request to cancel it, if there was one."""
        if not self.cancellation_requested:
            return None
        return {"pending": "requested", "confirmed": "too_late"}.get(self.status, "done")  # type: ignore[return-value]

    def request_cancellation(self) -> None:
        self._must_be_pending("cancelled")
        self.cancellation_requested = True

    def confirm(self) -> None:
        self._end("confirmed")

    def reject(self, reason: str, code: str | None) -> None:
        self._end("rejected")
        self.reason, self.code = reason, code

    def cancel(self, reason: str) -> None:
        self._end("cancelled")
        self.reason = reason

    def _end(self, status: Status) -> None:
        self._must_be_pending(status)
        self.status = status

    def _must_be_pending(self, wanted: Status) -> None:
        if self.status != "pending":
            raise ValueError(f"order {self.order_id} is {self.status}: it cannot become {wanted}")
