"""The production functions that decide, and what is promised around them; the search runs them as they are.

A safeguard is taken out by replacing one field, see `removals`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.base import Reply
from messaging.barrier import Key, settle
from saga import Advanced, Heard, Run, Saga, advance


@dataclass(frozen=True)
class Safeguards:
    """All that stands between a message and what it changes."""

    advance: Callable[[Saga[Any], Run, Heard], Advanced] = advance
    settle: Callable[[Key, Mapping[Key, Reply], Callable[[], Reply]], dict[Key, Reply]] = settle
    answers_again: bool = True
    """A command that was answered before is answered again, with the stored reply."""
    checks_revision: bool = True
    """An orchestrator commits only where the run still stands as it was read (`orchestrator.store.save`)."""
    checks_inbox: bool = True
    """A participant commits only where its places are still free (`messaging.inbox.record`)."""
    sends_with_commit: bool = True
    """Nothing leaves of a transaction that is rolled back (`messaging.outbox`)."""
