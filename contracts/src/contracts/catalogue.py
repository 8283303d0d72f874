"""The types that all services share: customers, products, and the lines of an order."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CustomerId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["ada"])]
Sku = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["lamp"])]
Quantity = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class Line(BaseModel):
    """A number of pieces of one product."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Sku
    quantity: Quantity
