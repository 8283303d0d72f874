"""Accounts over HTTP."""

from typing import Annotated

from contracts.catalogue import CustomerId
from contracts.money import MinorUnits
from counterstep.http import AnyCaller, OpenTransaction, Operator, Problem
from fastapi import APIRouter
from pydantic import BaseModel, Field

from payment.model import Account

router = APIRouter(prefix="/accounts", tags=["accounts"])


class PaidIn(BaseModel, extra="forbid"):
    """What the account has to spend from now on, in minor units; holds and captures stay as they are."""

    available: Annotated[MinorUnits, Field(examples=[100_00])]


class AccountView(BaseModel, from_attributes=True):
    """A customer's money in minor units; `available` excludes `held` and `captured`."""

    customer_id: str
    available: int
    held: int
    captured: int


@router.get("/{customer_id}")
async def read_account(customer_id: CustomerId, caller: AnyCaller, tx: OpenTransaction) -> AccountView:
    """A customer's account: their own, or any for an operator or a viewer."""
    if not caller.may_see(customer_id):
        raise Problem(403, f"this token speaks for {caller.subject}, not for {customer_id}")
    account = await tx.session.get(Account, customer_id)
    if account is None:
        raise Problem(404, f"there is no account of {customer_id}; an operator makes one with PUT")
    return AccountView.model_validate(account)


@router.put("/{customer_id}")
async def put_account(customer_id: CustomerId, body: PaidIn, _: Operator, tx: OpenTransaction) -> AccountView:
    """Make an account, or set what is available on it."""
    account = Account(customer_id=customer_id, available=body.available)
    return AccountView.model_validate(await tx.upsert(account, "available"))
