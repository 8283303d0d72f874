"""Money in minor units, so that no amount is ever rounded."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217", examples=["EUR"])]
MinorUnits = Annotated[int, Field(ge=0, le=10**12, strict=True)]


class Money(BaseModel):
    """An amount of one currency: 1990 EUR is 19.90 euro."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: MinorUnits
    currency: Currency = "EUR"
