"""Whether a command is done: once per (saga, step, direction), and never after its own compensation.

The key is the effect, not the message: a command that is sent again under a new id is still the same command.
A compensation also occupies its action's place where the action has not come yet, or was taken on and not yet
answered. So an action that arrives after its own compensation is not done (after dtm's sub-transaction barrier),
and the deferred reply of one that waits for a decision is no longer sent.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from counterstep.protocol.answers import Abandoned, Accepted, Direction
from counterstep.protocol.messages import Reply


class EffectKey(NamedTuple):
    """The effect that a command asks for."""

    saga_id: UUID
    step: str
    direction: Direction

    @property
    def action(self) -> "EffectKey":
        """What this compensates, or itself."""
        return self._replace(direction="forward")


def deduplicate(
    key: EffectKey, known: Mapping[EffectKey, Reply], handle: Callable[[], Reply]
) -> dict[EffectKey, Reply]:
    """The places that this command fills, with their replies; none where it was answered before."""
    if key in known:
        return {}
    filled = {key: handle()}
    if key.action not in known or isinstance(known[key.action], Accepted):
        filled.setdefault(key.action, Abandoned())
    return filled
