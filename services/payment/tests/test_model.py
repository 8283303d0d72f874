"""The rules of an account, as plain objects."""

from uuid import UUID

import pytest
from contracts.money import Money
from contracts.payment import PaymentDeclined, PaymentDeclinedCode
from hypothesis import given
from hypothesis import strategies as st
from payment.model import Account, Authorization, Status

ORDER = UUID(int=1)


def held(amount: int, status: Status = "held") -> Authorization:
    return Authorization(
        order_id=ORDER, authorization_id=UUID(int=2), customer_id="ada", amount=amount, status=status
    )


def figures(account: Account) -> tuple[int, int, int]:
    return account.available, account.held, account.captured


def test_what_is_held_is_not_available() -> None:
    account = Account(customer_id="ada", available=100)
    account.hold(30)
    assert figures(account) == (70, 30, 0)


def test_a_whole_balance_can_be_held() -> None:
    assert Account(customer_id="ada", available=100).refusal(Money(amount=100)) is None


def test_a_refusal_says_what_was_wanted_and_what_there_is() -> None:
    assert Account(customer_id="ada", available=500).refusal(Money(amount=9990)) == PaymentDeclined(
        code=PaymentDeclinedCode.INSUFFICIENT_FUNDS,
        reason="insufficient funds: 99.90 EUR wanted, 5.00 EUR available",
    )


def test_another_currency_is_refused() -> None:
    dollar = Money(amount=1, currency="USD")
    assert Account(customer_id="ada", available=500).refusal(dollar) == PaymentDeclined(
        code=PaymentDeclinedCode.WRONG_CURRENCY, reason="wrong currency: USD wanted, the account is in EUR"
    )


def test_a_void_gives_back_what_was_held() -> None:
    account = Account(customer_id="ada", available=70, held=30)
    held(30).void(account)
    assert figures(account) == (100, 0, 0)


def test_a_second_void_gives_nothing_back() -> None:
    account = Account(customer_id="ada", available=70, held=60)
    authorization = held(30)
    authorization.void(account)
    authorization.void(account)
    assert figures(account) == (100, 30, 0)


def test_a_capture_takes_what_was_held() -> None:
    account = Account(customer_id="ada", available=70, held=30)
    held(30).capture(account)
    assert figures(account) == (70, 0, 30)


def test_a_captured_payment_cannot_be_voided() -> None:
    with pytest.raises(ValueError, match="cannot be voided"):
        held(30, "captured").void(Account(customer_id="ada"))


@pytest.mark.parametrize("status", ["voided", "captured"])
def test_only_a_held_payment_can_be_captured(status: Status) -> None:
    with pytest.raises(ValueError, match="cannot be captured"):
        held(30, status).capture(Account(customer_id="ada"))


@given(
    st.integers(0, 1000), st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["void", "capture", "leave"])))
)
def test_no_order_makes_or_loses_money(paid_in: int, orders: list[tuple[int, str]]) -> None:
    account = Account(customer_id="ada", available=paid_in)
    for amount, end in orders:
        if account.refusal(Money(amount=amount)):
            continue
        account.hold(amount)
        if end == "void":
            held(amount).void(account)
        elif end == "capture":
            held(amount).capture(account)
        assert sum(figures(account)) == paid_in
        assert min(figures(account)) >= 0
