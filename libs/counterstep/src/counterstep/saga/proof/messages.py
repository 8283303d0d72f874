"""Everything that can be delivered: what travels, and what comes of time and of operators."""

from typing import NamedTuple, TypeAlias

from counterstep.protocol.messages import Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.transition import Cancelled, Input, Refused, ResendRequested, Succeeded, TimedOut


class Started(NamedTuple):
    """The event that starts the saga."""

    saga: str


class Command(NamedTuple):
    """An ask on its way to its participant."""

    ask: Attempt


class Answer(NamedTuple):
    """A participant's reply on its way to the orchestrators."""

    ask: Attempt
    reply: Reply

    @property
    def heard(self) -> Input:
        """What an orchestrator hears in it, as `counterstep.orchestration.orchestrator` reads it."""
        refusal = self.reply if isinstance(self.reply, Refusal) else None
        return Refused(self.ask, refusal.reason, refusal.code) if refusal else Succeeded(self.ask)


class Decided(NamedTuple):
    """Somebody decides what a participant has taken on."""

    step: str


Message: TypeAlias = Started | Command | Answer | Decided | Cancelled | TimedOut | ResendRequested
