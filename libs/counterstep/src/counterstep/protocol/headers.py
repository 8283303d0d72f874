"""The headers of a message: what travels beside AMQP's own properties."""

import json
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from counterstep.protocol.answers import Direction

LARGEST_BODY: Final = 256 * 1024
"""In bytes. Store larger things elsewhere, and send their address."""

SHORT_STRING_BYTES: Final = 255
"""The longest routing key, type or name of an exchange in AMQP."""

LONGEST_REASON_BYTES: Final = 8 * 1024

Traceparent = Annotated[str, Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


def without_nul(text: str) -> str:
    """Replace each NUL by a visible sign, and half of a surrogate pair by `?`: PostgreSQL can store neither."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode(errors="replace").decode()


def shortened(text: str, limit: int = SHORT_STRING_BYTES) -> str:
    """The text without NUL, cut where it is longer than that many bytes: the sign for NUL has three bytes."""
    return without_nul(text).encode()[:limit].decode(errors="ignore")


def _at_most(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text.encode()) > limit:
            raise ValueError(f"it has more than {limit} bytes")
        return text

    return AfterValidator(check)


ShortText = Annotated[str, AfterValidator(without_nul), _at_most(SHORT_STRING_BYTES)]
"""A text that may become a routing key or the name of a queue. The bound holds for what is stored and sent."""

Name = Annotated[ShortText, Field(max_length=64)]
Counted = Annotated[int, Field(le=2**31 - 1)]


class Headers(BaseModel):
    """The headers that Counterstep writes and reads. Those of the broker are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    causation_id: UUID | None = None
    traceparent: Traceparent | None = None
    step: Name | None = None
    direction: Direction | None = None
    attempt: Annotated[Counted, Field(ge=1)] | None = None
    reply_key: Name | None = None
    failures: Annotated[Counted, Field(ge=0)] = 0
    origin: ShortText | None = None
    reason: Annotated[str, AfterValidator(without_nul), _at_most(LONGEST_REASON_BYTES)] | None = None
    sender: ShortText | None = None
    """The user that has sent the message, whose name the broker has checked; empty where it has checked none.

    The reader writes it. In a message that arrives it counts only if the reader itself has set the message aside.
    """

    @classmethod
    def stored(cls, text: str) -> Self:
        """Headers from a row that any release may have written.

        Those outside of today's bounds are left out: a row that cannot be read would hold up all others.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            wrong = {each["loc"][0] for each in error.errors()}
            return cls.model_validate(
                {name: value for name, value in json.loads(text).items() if name not in wrong}
            )
