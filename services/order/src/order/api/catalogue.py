"""The catalogue over HTTP: anyone reads it, operators write it."""

from typing import Annotated

from contracts.catalogue import Sku
from contracts.money import Money
from counterstep.fields import OneLine
from counterstep.http import OpenTransaction, Operator, Problem
from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field
from sqlmodel import col, select

from order.model import CURRENCY, Product

router = APIRouter(prefix="/products", tags=["catalogue"])


def _in_our_currency(price: Money) -> Money:
    if price.currency != CURRENCY:
        raise ValueError(f"prices are in {CURRENCY}")
    return price


class Description(BaseModel, extra="forbid"):
    """What a product is called and costs."""

    name: Annotated[OneLine, Field(max_length=200, examples=["Desk lamp"])]
    price: Annotated[
        Money,
        AfterValidator(_in_our_currency),
        Field(
            examples=[{"amount": 49_90, "currency": CURRENCY}],
            json_schema_extra={"properties": {"currency": {"const": CURRENCY}}},
        ),
    ]


class ProductView(BaseModel, from_attributes=True):
    """A product of the catalogue."""

    sku: str
    name: str
    price: Money


@router.get("")
async def list_products(tx: OpenTransaction) -> list[ProductView]:
    """The whole catalogue, by sku."""
    products = await tx.session.exec(select(Product).order_by(col(Product.sku)))
    return [ProductView.model_validate(product) for product in products]


@router.get("/{sku}")
async def read_product(sku: Sku, tx: OpenTransaction) -> ProductView:
    """One product."""
    product = await tx.session.get(Product, sku)
    if product is None:
        raise Problem(404, f"there is no product {sku}; GET /products lists them all")
    return ProductView.model_validate(product)


@router.put("/{sku}")
async def put_product(sku: Sku, body: Description, _: Operator, tx: OpenTransaction) -> ProductView:
    """Make a product, or change its name and price; orders placed before keep their prices."""
    product = Product(sku=sku, name=body.name, amount=body.price.amount, currency=body.price.currency)
    return ProductView.model_validate(await tx.upsert(product, "name", "amount", "currency"))
