"""Stock and what is reserved of it. Pieces move between the three figures of an item; no order makes any."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias
from uuid import UUID

from contracts.catalogue import Line
from contracts.inventory import StockUnavailable, StockUnavailableCode
from counterstep.fields import Jsonb
from sqlalchemy import BigInteger, Column, String
from sqlmodel import Field, SQLModel

Status: TypeAlias = Literal["reserved", "released", "committed"]


class StockItem(SQLModel, table=True):
    """The pieces of one product; `on_hand + reserved + sold` changes only when stock is counted again."""

    __tablename__ = "stock"

    sku: str = Field(primary_key=True)
    on_hand: int = Field(default=0, sa_type=BigInteger)
    reserved: int = Field(default=0, sa_type=BigInteger)
    sold: int = Field(default=0, sa_type=BigInteger)

    def reserve(self, quantity: int) -> None:
        self.on_hand -= quantity
        self.reserved += quantity

    def release(self, quantity: int) -> None:
        self.reserved -= quantity
        self.on_hand += quantity

    def commit(self, quantity: int) -> None:
        self.reserved -= quantity
        self.sold += quantity


Stock = Mapping[str, StockItem]


def shortage(lines: Iterable[Line], stock: Stock) -> StockUnavailable | None:
    """What keeps the lines from being reserved, with one reason for each product; None where nothing does."""
    wanted: Counter[str] = Counter()
    for line in lines:
        wanted[line.sku] += line.quantity
    unknown = wanted.keys() - stock.keys()
    reasons = [
        f"{sku}: unknown product" if sku in unknown else f"{sku}: {quantity} wanted, {stock[sku].on_hand} on hand"
        for sku, quantity in wanted.items()
        if sku in unknown or stock[sku].on_hand < quantity
    ]
    if not reasons:
        return None
    code = StockUnavailableCode.UNKNOWN_PRODUCT if unknown else StockUnavailableCode.INSUFFICIENT_STOCK
    return StockUnavailable(code=code, reason="; ".join(reasons))


class Reservation(SQLModel, table=True):
    """The lines reserved for one order, until they are released or committed; either is final."""

    __tablename__ = "reservations"

    order_id: UUID = Field(primary_key=True)
    lines: tuple[Line, ...] = Field(sa_column=Column(Jsonb(tuple[Line, ...]), nullable=False))
    status: Status = Field(default="reserved", sa_type=String)

    def release(self, stock: Stock) -> None:
        """Put every line back; a second release changes nothing. Raises `ValueError` where it was committed."""
        if self.status == "committed":
            raise ValueError(f"order {self.order_id} is committed: its stock cannot be released")
        if self.status == "reserved":
            for line in self.lines:
                stock[line.sku].release(line.quantity)
            self.status = "released"

    def commit(self, stock: Stock) -> None:
        """Sell every line. Raises `ValueError` where it is not reserved."""
        if self.status != "reserved":
            raise ValueError(f"order {self.order_id} is {self.status}: its stock cannot be committed")
        for line in self.lines:
            stock[line.sku].commit(line.quantity)
        self.status = "committed"
