"""Everything that can be delivered: what travels, and what comes of time and of operators."""

from typing import NamedTuple, TypeAlias

from contracts.base import Refusal, Reply
from saga import Ask, Cancelled, Heard, Nudged, Refused, Silent, Succeeded


class Started(NamedTuple):
    """The event that starts the saga."""

    saga: str


class Command(NamedTuple):
    """An ask on its way to its participant."""

    ask: Ask


class Answer(NamedTuple):
    """A participant's reply on its way to the orchestrators."""

    ask: Ask
    reply: Reply

    @property
    def heard(self) -> Heard:
        """What an orchestrator hears in it, as `orchestrator.handlers` reads it."""
        refusal = self.reply if isinstance(self.reply, Refusal) else None
        return Refused(self.ask, refusal.reason) if refusal else Succeeded(self.ask)


class Decided(NamedTuple):
    """Somebody decides what a participant has taken on."""

    step: str


Message: TypeAlias = Started | Command | Answer | Decided | Cancelled | Silent | Nudged
