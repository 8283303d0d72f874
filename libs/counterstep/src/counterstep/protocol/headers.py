"""The headers of a message: what travels beside AMQP's own properties."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from counterstep.protocol.answers import Direction

LARGEST_BODY: Final = 256 * 1024
"""In bytes. Store larger things elsewhere, and send their address."""

Traceparent = Annotated[str, Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


def without_nul(text: str) -> str:
    """Replace each NUL by a visible sign: PostgreSQL cannot store NUL in a text."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}")


Text = Annotated[str, AfterValidator(without_nul)]


class Headers(BaseModel):
    """The headers that Counterstep writes and reads. Those of the broker are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    causation_id: UUID | None = None
    traceparent: Traceparent | None = None
    step: Annotated[Text, Field(max_length=64)] | None = None
    direction: Direction | None = None
    attempt: Annotated[int, Field(ge=1)] | None = None
    reply_key: Annotated[Text, Field(max_length=64)] | None = None
    failures: Annotated[int, Field(ge=0)] = 0
    origin: Text | None = None
    reason: Text | None = None
