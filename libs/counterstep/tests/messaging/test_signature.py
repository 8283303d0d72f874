"""A handler's signature says what it is given."""

from uuid import UUID, uuid4

import pytest
from contracts.catalogue import Line
from contracts.inventory import ReserveStock, StockReserved
from contracts.payment import PaymentVoided, VoidPayment
from counterstep.messaging.inbox.token import Token
from counterstep.messaging.participant.signature import Handler
from sqlmodel import Field, SQLModel


class Wallet(SQLModel, table=True):
    customer_id: str = Field(primary_key=True)


class Shelf(SQLModel, table=True):
    sku: str = Field(primary_key=True)


class Parcel(SQLModel, table=True):
    parcel_id: UUID = Field(primary_key=True)


VOID = VoidPayment(order_id=uuid4(), customer_id="ada")


def test_a_row_is_named_by_the_command_s_field_of_its_primary_key_s_name() -> None:
    def void(_: VoidPayment, wallet: Wallet | None) -> PaymentVoided:  # noqa: ARG001 - only its signature is read
        return PaymentVoided()

    (wallet,) = Handler.of(void, VoidPayment).rows
    assert (wallet.row_class, wallet.keys(VOID), wallet.required) == (Wallet, ["ada"], False)


def test_rows_are_named_by_the_items_of_the_command() -> None:
    def reserve(_: ReserveStock, shelves: dict[str, Shelf]) -> StockReserved:  # noqa: ARG001 - as above
        return StockReserved()

    (shelves,) = Handler.of(reserve, ReserveStock).rows
    lines = (Line(sku="lamp", quantity=1), Line(sku="desk", quantity=2))
    assert shelves.many
    assert shelves.keys(ReserveStock(order_id=uuid4(), lines=lines)) == ["lamp", "desk"]


def test_a_row_without_an_alternative_must_exist() -> None:
    def void(_: VoidPayment, wallet: Wallet) -> PaymentVoided:  # noqa: ARG001 - as above
        return PaymentVoided()

    assert Handler.of(void, VoidPayment).rows[0].required


def test_a_handler_may_ask_for_a_token() -> None:
    def void(_: VoidPayment, token: Token) -> PaymentVoided:  # noqa: ARG001 - as above
        return PaymentVoided()

    assert Handler.of(void, VoidPayment).tokens == ("token",)


def test_a_row_that_the_command_does_not_name_is_refused_when_the_handler_is_registered() -> None:
    def void(_: VoidPayment, parcel: Parcel | None) -> PaymentVoided:  # noqa: ARG001 - as above
        return PaymentVoided()

    with pytest.raises(TypeError, match="VoidPayment names no 'parcel_id'"):
        Handler.of(void, VoidPayment)


def test_what_is_no_row_is_refused_when_the_handler_is_registered() -> None:
    def void(_: VoidPayment, mood: int) -> PaymentVoided:  # noqa: ARG001 - as above
        return PaymentVoided()

    with pytest.raises(TypeError, match="mood: <class 'int'> is no table row"):
        Handler.of(void, VoidPayment)
