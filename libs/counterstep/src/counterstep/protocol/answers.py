"""The replies that belong to the saga protocol itself, whatever a participant is asked to do."""

from typing import ClassVar, Literal

from counterstep.protocol.messages import Refusal, Reply
from counterstep.protocol.refusal_codes import Code

Direction = Literal["forward", "compensation"]
"""Whether a command does a step or undoes it."""


class Accepted(Reply):
    """The participant has taken the command on and replies later, when a person or another system has decided.

    A handler returns its task token instead of a reply, and this is stored in the inbox and never sent.
    """

    address: ClassVar[str | None] = "protocol"


class Abandoned(Refusal):
    """The command arrived after its own compensation, so it was not carried out and never will be."""

    address: ClassVar[str | None] = "protocol"

    code: Code = "abandoned"
    reason: str = "undone before it was done"
