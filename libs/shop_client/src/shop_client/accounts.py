"""Requests about customers' accounts, to the payment service."""

from counterstep.client import Request
from pydantic import BaseModel


class Account(BaseModel, frozen=True):
    """A customer's money in minor units. `available` leaves out what is held or captured."""

    customer_id: str
    available: int
    held: int
    captured: int


def read(customer_id: str) -> Request[Account]:
    """One account. The answer is a 404 problem where there is none."""
    return Request("GET", f"/accounts/{customer_id}", Account)


def put(customer_id: str, *, available: int) -> Request[Account]:
    """Open an account, or set the minor units that are available on it."""
    return Request("PUT", f"/accounts/{customer_id}", Account, body={"available": available})
