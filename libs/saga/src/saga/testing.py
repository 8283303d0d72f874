"""Tests of a saga that read like the story they tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.base import Event, Refusal, Reply
from contracts.naming import answers

from saga.advance import advance, begin
from saga.command import command
from saga.definition import Saga
from saga.heard import Advanced, Ask, Refused, Succeeded
from saga.run import Run, Status


@dataclass
class Rehearsal:
    """A saga played with given replies: what it sent, in order, and where it ended."""

    saga: Saga[Any]
    start: Event
    run: Run = field(default_factory=Run)
    sent: list[type[Any]] = field(default_factory=list)
    awaiting: list[Ask] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """Where the saga stands after the last reply."""
        return self.run.status(self.saga)

    def take(self, advanced: Advanced) -> None:
        """Send what the saga asks for."""
        self.run = advanced.run
        self.awaiting += advanced.asks
        self.sent += [type(self._command(ask)) for ask in advanced.asks]

    def hear(self, reply: type[Reply]) -> None:
        """Answer the oldest command that declares this reply. Raises `AssertionError` where none does."""
        ask = next((ask for ask in self.awaiting if reply in answers(type(self._command(ask)))), None)
        if ask is None:
            raise AssertionError(f"no command that was sent declares {reply.__name__}: {self.awaiting}")
        self.awaiting.remove(ask)
        refused = issubclass(reply, Refusal)
        heard = Refused(ask, reply.__name__) if refused else Succeeded(ask)
        self.take(advance(self.saga, self.run, heard))

    def _command(self, ask: Ask) -> Any:
        return command(self.saga, self.start, self.run, ask)


def rehearse(saga: Saga[Any], start: Event, replies: Sequence[type[Reply]]) -> Rehearsal:
    """Play the saga from its start event through these replies."""
    rehearsal = Rehearsal(saga, start)
    rehearsal.take(begin(saga))
    for reply in replies:
        rehearsal.hear(reply)
    return rehearsal
