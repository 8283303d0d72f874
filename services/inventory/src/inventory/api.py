"""Stock over HTTP."""

from contracts.catalogue import Sku
from counterstep.http import AnyCaller, OpenTransaction, Operator, Problem
from fastapi import APIRouter
from pydantic import BaseModel, Field

from inventory.model import StockItem

router = APIRouter(prefix="/stock", tags=["stock"])


class Counted(BaseModel, extra="forbid"):
    """How many pieces are on the shelf and free; what is reserved or sold stays as it is."""

    on_hand: int = Field(ge=0, le=10**9, strict=True, examples=[25])


class StockView(BaseModel, from_attributes=True):
    """The pieces of one product; `on_hand` excludes `reserved` and `sold`."""

    sku: str
    on_hand: int
    reserved: int
    sold: int


@router.get("/{sku}")
async def read_stock(sku: Sku, _: AnyCaller, tx: OpenTransaction) -> StockView:
    """The pieces of one product."""
    item = await tx.session.get(StockItem, sku)
    if item is None:
        raise Problem(404, f"there is no stock of {sku}; an operator makes it with PUT")
    return StockView.model_validate(item)


@router.put("/{sku}")
async def put_stock(sku: Sku, body: Counted, _: Operator, tx: OpenTransaction) -> StockView:
    """Make a stock item, or set what is on hand of it."""
    item = StockItem(sku=sku, on_hand=body.on_hand)
    return StockView.model_validate(await tx.upsert(item, "on_hand"))
