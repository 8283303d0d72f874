"""Requests about products, to the order service."""

from typing import Final

from contracts.money import Money
from counterstep.client import Request
from pydantic import BaseModel

LOAD: Final = "load-"
"""The skus of products begin so that only serve to measure the shop."""


class Product(BaseModel, frozen=True):
    """A product and its price today."""

    sku: str
    name: str
    price: Money

    @property
    def is_for_load(self) -> bool:
        """Whether it only serves to measure the shop."""
        return self.sku.startswith(LOAD)


def browse() -> Request[list[Product]]:
    """All products, by sku."""
    return Request("GET", "/products", list[Product])


def read(sku: str) -> Request[Product]:
    """One product. The answer is a 404 problem where there is none."""
    return Request("GET", f"/products/{sku}", Product)


def put(product: Product) -> Request[Product]:
    """Add a product, or change its name and price. Orders placed before keep their prices."""
    body = product.model_dump(exclude={"sku"})
    return Request("PUT", f"/products/{product.sku}", Product, body=body)
