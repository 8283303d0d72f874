"""Amounts as people read them."""

import pytest
from contracts.money import Money, for_people


@pytest.mark.parametrize(
    ("amount", "currency", "read"),
    [
        (49_90, "EUR", "49.90 EUR"),
        (5, "EUR", "0.05 EUR"),
        (0, "EUR", "0.00 EUR"),
        (1_234_567_89, "USD", "1,234,567.89 USD"),
        (10**12, "EUR", "10,000,000,000.00 EUR"),
        (4_990, "JPY", "4,990 JPY"),
        (4_990, "KWD", "4.990 KWD"),
        (123, "XYZ", "1.23 XYZ"),
    ],
)
def test_an_amount_is_read_with_the_decimals_of_its_currency(amount: int, currency: str, read: str) -> None:
    assert for_people(amount, currency) == read
    assert str(Money(amount=amount, currency=currency)) == read


def test_an_amount_is_minor_units_in_json_whatever_people_read() -> None:
    assert Money(amount=49_90).model_dump_json() == '{"amount":4990,"currency":"EUR"}'
