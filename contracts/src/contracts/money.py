"""Money in minor units, so that no amount is ever rounded, and its form for people."""

from decimal import Decimal
from typing import Annotated, Final

from babel.numbers import format_currency, get_currency_precision
from pydantic import BaseModel, ConfigDict, Field

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217", examples=["EUR"])]
MinorUnits = Annotated[int, Field(ge=0, le=10**12, strict=True)]

LOCALE: Final = "en"
"""The language of everything that the shop tells people."""
NUMBER_AND_CODE: Final = "#,##0.00 ¤¤"
"""Unicode's pattern for `1,234.50 EUR`. The number of decimals is the currency's, not the pattern's."""


class Money(BaseModel):
    """An amount of one currency: 1990 EUR is 19.90 euro, and 1990 JPY is 1,990 yen.

    `str()` gives its form for people:

    >>> f"{Money(amount=1990, currency='EUR')} wanted"
    '19.90 EUR wanted'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: MinorUnits
    currency: Currency = "EUR"

    def __str__(self) -> str:
        return for_people(self.amount, self.currency)


def for_people(amount: int, currency: str) -> str:
    """An amount in minor units as people read it, with the decimals that Unicode's CLDR knows of the currency.

    >>> [for_people(4990, "EUR"), for_people(4990, "JPY"), for_people(4990, "KWD")]
    ['49.90 EUR', '4,990 JPY', '4.990 KWD']
    """
    major = Decimal(amount).scaleb(-get_currency_precision(currency))
    return format_currency(major, currency, format=NUMBER_AND_CODE, locale=LOCALE)
