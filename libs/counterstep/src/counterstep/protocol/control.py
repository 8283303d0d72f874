"""The messages on the exchange `control`: which faults are switched on on purpose, and until when."""

from datetime import timedelta
from typing import Annotated, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from counterstep.protocol.messages import Message

LONGEST: Final = timedelta(minutes=15)
"""No fault stays on for longer, even if the process that switched it on has ended."""

AnyService = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$", max_length=64)]
"""A process also receives messages about services that are newer than itself."""
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=30)]


class Faults(BaseModel):
    """All that can be wrong with one service on purpose; as it stands here, nothing is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refuses: Annotated[Share, Field(title="Refuses", description="of the commands that it may refuse")] = 0
    slow_seconds: Annotated[Seconds, Field(title="Slow", description="before it handles a message")] = 0
    silent: Annotated[bool, Field(title="Silent", description="takes no message, and so answers none")] = False
    duplicates: Annotated[bool, Field(title="Duplicates", description="handles every message twice")] = False
    paused: Annotated[
        bool, Field(title="Paused", description="publishes nothing, as if the broker blocked it")
    ] = False
    http_slow_seconds: Annotated[Seconds, Field(title="HTTP slow", description="before a request is answered")] = 0
    http_unavailable: Annotated[Share, Field(title="HTTP 503", description="of the requests are turned away")] = 0


class SwitchFaults(Message):
    """From now on these are the faults of these services; for each service the last word counts.

    `seed` chooses which commands and requests a share falls on, the same ones each time.
    """

    services: tuple[AnyService, ...] = Field(min_length=1)
    faults: Faults
    switched_at: AwareDatetime
    ends_at: AwareDatetime
    seed: int = 0
    by: str
    reason: str

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not self.switched_at <= self.ends_at <= self.switched_at + LONGEST:
            raise ValueError(f"a fault ends by itself, after {LONGEST} at the latest")
        return self


class RecallFaults(Message):
    """A process that has begun to listen asks the others for what they heard before."""
