"""What a participant keeps when it takes a command on and answers it later."""

from typing import Self
from uuid import UUID

from counterstep.protocol.barrier import EffectKey


class Token(str):
    """Names the answer that is owed, across restarts; a handler that asks for one by type is given it."""

    __slots__ = ()

    @classmethod
    def of(cls, key: EffectKey) -> Self:
        """The token of this command."""
        return cls(f"{key.saga_id}/{key.step}")

    @property
    def key(self) -> EffectKey:
        """The command whose answer is owed."""
        saga_id, _, step = self.partition("/")
        return EffectKey(UUID(saga_id), step, "forward")
