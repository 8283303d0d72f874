"""Everything that can be delivered: messages on their way, timeouts, and what people decide."""

from typing import NamedTuple, TypeAlias

from counterstep.protocol.messages import Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.transition import Cancelled, Input, Refused, ResendRequested, Succeeded, TimedOut


class Started(NamedTuple):
    """The event that starts the saga."""

    saga: str


class Command(NamedTuple):
    """One attempt at a step, on its way to the participant."""

    attempt: Attempt


class Answer(NamedTuple):
    """A participant's reply on its way to the orchestrators."""

    attempt: Attempt
    reply: Reply

    @property
    def as_input(self) -> Input:
        """The engine's input for this reply, as `counterstep.orchestration.orchestrator` makes it."""
        refusal = self.reply if isinstance(self.reply, Refusal) else None
        return Refused(self.attempt, refusal.reason, refusal.code) if refusal else Succeeded(self.attempt)


class Decided(NamedTuple):
    """A person or another system decides about a command whose reply was deferred."""

    step: str


Message: TypeAlias = Started | Command | Answer | Decided | Cancelled | TimedOut | ResendRequested
