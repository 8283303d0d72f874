"""Requests about stock, to the inventory service."""

from counterstep.client import Request
from pydantic import BaseModel


class Stock(BaseModel, frozen=True):
    """The pieces of one product. `on_hand` leaves out those that are reserved or sold."""

    sku: str
    on_hand: int
    reserved: int
    sold: int


def read(sku: str) -> Request[Stock]:
    """The stock of one product. The answer is a 404 problem where none was ever counted."""
    return Request("GET", f"/stock/{sku}", Stock)


def put(sku: str, *, on_hand: int) -> Request[Stock]:
    """Set how many pieces are on hand."""
    return Request("PUT", f"/stock/{sku}", Stock, body={"on_hand": on_hand})
