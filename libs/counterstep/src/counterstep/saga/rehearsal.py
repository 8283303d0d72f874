"""Tests of a saga that read like the story they tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from counterstep.protocol.messages import Event, FallibleCommand, Refusal, Reply
from counterstep.protocol.naming import answers
from counterstep.protocol.refusal_codes import UNSPECIFIED
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for
from counterstep.saga.definition import Saga
from counterstep.saga.engine import advance, begin
from counterstep.saga.instance import Instance, Status
from counterstep.saga.transition import Refused, Succeeded, Transition


@dataclass
class Rehearsal:
    """A saga played with given replies: what it sent, in order, and where it ended."""

    saga: Saga[Any]
    start: Event
    run: Instance = field(default_factory=Instance)
    said: list[FallibleCommand] = field(default_factory=list)
    awaiting: list[Attempt] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """Where the saga stands after the last reply."""
        return self.run.status(self.saga)

    @property
    def sent(self) -> list[type[Any]]:
        """The kinds of the commands sent, in order."""
        return [type(command_for) for command_for in self.said]

    def take(self, advanced: Transition) -> None:
        """Send what the saga asks for."""
        self.run = advanced.run
        self.awaiting += advanced.asks
        self.said += [self._command(ask) for ask in advanced.asks]

    def hear(self, reply: Reply) -> None:
        """Answer the oldest command that declares this reply. Raises `AssertionError` where none does."""
        ask = next((ask for ask in self.awaiting if type(reply) in self._answers(ask)), None)
        if ask is None:
            raise AssertionError(f"no command that was sent declares {type(reply).__name__}: {self.awaiting}")
        self.awaiting.remove(ask)
        self.replies[ask.step] = reply
        heard = Refused(ask, reply.reason, reply.code) if isinstance(reply, Refusal) else Succeeded(ask)
        self.take(advance(self.saga, self.run, heard))

    def _answers(self, ask: Attempt) -> tuple[type[Any], type[Any]]:
        return answers(type(self._command(ask)))

    def _command(self, ask: Attempt) -> FallibleCommand:
        return command_for(self.saga, self.start, self.run, ask, self.replies)


def rehearse(saga: Saga[Any], start: Event, replies: Sequence[Reply | type[Reply]]) -> Rehearsal:
    """Play the saga from its start event through these replies; a type stands for one whose fields are untold."""
    rehearsal = Rehearsal(saga, start)
    rehearsal.take(begin(saga, skipped=saga.skipped(start)))
    for reply in replies:
        rehearsal.hear(_untold(reply) if isinstance(reply, type) else reply)
    return rehearsal


def _untold(reply: type[Reply]) -> Reply:
    if issubclass(reply, Refusal):
        return reply.model_construct(code=UNSPECIFIED, reason=reply.__name__)
    return reply.model_construct()
