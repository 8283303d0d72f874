"""Whether a command is done: once per (saga, step, direction), and never after its own compensation.

The key is the effect, not the message: a command that is sent again under a new id is still the same command.
A compensation also occupies its action's place where the action has not come yet, or was taken on and not yet
answered. So an action that arrives after its own compensation is not done (after dtm's sub-transaction barrier),
and one that waits for a decision is owed no answer any more.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from contracts.base import Reply
from contracts.protocol import Abandoned, Accepted, Direction


class Key(NamedTuple):
    """The effect that a command asks for."""

    saga_id: UUID
    step: str
    direction: Direction

    @property
    def action(self) -> "Key":
        """What this compensates, or itself."""
        return self._replace(direction="forward")


def settle(key: Key, known: Mapping[Key, Reply], handle: Callable[[], Reply]) -> dict[Key, Reply]:
    """The places that this command fills, with their replies; none where it was answered before."""
    if key in known:
        return {}
    filled = {key: handle()}
    if key.action not in known or isinstance(known[key.action], Accepted):
        filled.setdefault(key.action, Abandoned())
    return filled
