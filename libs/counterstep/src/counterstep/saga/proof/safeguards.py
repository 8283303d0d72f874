"""The production functions that decide, and what is promised around them; the search runs them as they are.

A safeguard is taken out by replacing one field, see `removals` in the tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterstep.protocol.barrier import EffectKey, deduplicate
from counterstep.protocol.messages import Reply
from counterstep.saga.answering import Answering
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.engine import advance
from counterstep.saga.instance import Instance
from counterstep.saga.transition import Input, Transition

ITSELF: Final = "orchestrator"


def objection(saga: Saga[Any], attempt: Attempt, reply: type[Reply], sender: str) -> str | None:
    """As the orchestrator judges each reply."""
    return Answering(saga).objection(attempt, reply, sender, itself=ITSELF)


@dataclass(frozen=True)
class Safeguards:
    """All that stands between a message and what it changes."""

    advance: Callable[[Saga[Any], Instance, Input], Transition] = advance
    deduplicate: Callable[[EffectKey, Mapping[EffectKey, Reply], Callable[[], Reply]], dict[EffectKey, Reply]] = (
        deduplicate
    )
    answers_again: bool = True
    """A command that was answered before is answered again, with the stored reply."""
    checks_revision: bool = True
    """An orchestrator commits only if the instance is as it was read (`orchestration.instances.saving`)."""
    checks_inbox: bool = True
    """A participant commits only where its places are still free (`messaging.inbox.table.recording`)."""
    objection: Callable[[Saga[Any], Attempt, type[Reply], str], str | None] = objection
    """Why a reply is not its sender's to give; then it is no input."""
    checks_commands: bool = True
    """A participant does what the orchestrator alone has sent (`counterstep.topology.senders`)."""
    sends_with_commit: bool = True
    """Nothing leaves of a transaction that is rolled back (`messaging.outbox.table`)."""
