"""Accounts and what is held on them. Money moves between the three figures of an account; none is made."""

from typing import Literal, TypeAlias
from uuid import UUID

from contracts.money import Money, for_people
from contracts.payment import PaymentDeclined, PaymentDeclinedCode
from sqlalchemy import BigInteger, String
from sqlmodel import Field, SQLModel

CURRENCY = "EUR"

Status: TypeAlias = Literal["held", "voided", "captured"]


class Account(SQLModel, table=True):
    """A customer's money in minor units; `available + held + captured` changes only when money is paid in."""

    __tablename__ = "accounts"

    customer_id: str = Field(primary_key=True)
    currency: str = CURRENCY
    available: int = Field(default=0, sa_type=BigInteger)
    held: int = Field(default=0, sa_type=BigInteger)
    captured: int = Field(default=0, sa_type=BigInteger)

    def refusal(self, wanted: Money) -> PaymentDeclined | None:
        """Why `wanted` cannot be held; None where it can."""
        if wanted.currency != self.currency:
            return PaymentDeclined(
                code=PaymentDeclinedCode.WRONG_CURRENCY,
                reason=f"wrong currency: {wanted.currency} wanted, the account is in {self.currency}",
            )
        if wanted.amount > self.available:
            available = for_people(self.available, self.currency)
            return PaymentDeclined(
                code=PaymentDeclinedCode.INSUFFICIENT_FUNDS,
                reason=f"insufficient funds: {wanted} wanted, {available} available",
            )
        return None

    def hold(self, amount: int) -> None:
        self.available -= amount
        self.held += amount

    def release(self, amount: int) -> None:
        self.held -= amount
        self.available += amount

    def capture(self, amount: int) -> None:
        self.held -= amount
        self.captured += amount


class Authorization(SQLModel, table=True):
    """The amount held for one order, until it is voided or captured; either is final."""

    __tablename__ = "authorizations"

    order_id: UUID = Field(primary_key=True)
    authorization_id: UUID
    customer_id: str = Field(foreign_key="accounts.customer_id")
    amount: int = Field(sa_type=BigInteger)
    status: Status = Field(default="held", sa_type=String)

    def is_held_as(self, authorization_id: UUID) -> bool:
        return self.status == "held" and self.authorization_id == authorization_id

    def void(self, account: Account) -> None:
        """Give the held amount back; a second void changes nothing. Raises `ValueError` where it was captured."""
        if self.status == "captured":
            raise ValueError(f"order {self.order_id} is captured: its payment cannot be voided")
        if self.status == "held":
            account.release(self.amount)
            self.status = "voided"

    def capture(self, account: Account) -> None:
        """Take the held amount. Raises `ValueError` where it is not held."""
        if self.status != "held":
            raise ValueError(f"order {self.order_id} is {self.status}: its payment cannot be captured")
        account.capture(self.amount)
        self.status = "captured"
