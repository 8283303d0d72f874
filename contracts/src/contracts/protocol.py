"""What the saga protocol itself says, whatever a participant is asked."""

from typing import Literal

from contracts.base import Refusal, Reply

Direction = Literal["forward", "compensation"]
"""Whether a step is being done or undone."""


class Accepted(Reply):
    """Taken on: the answer comes later, when a person or another system has decided. It is never sent."""


class Abandoned(Refusal):
    """The command came after its own compensation, so it was not done and never will be."""

    reason: str = "undone before it was done"
