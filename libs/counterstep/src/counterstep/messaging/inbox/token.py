"""The task token: what a participant keeps when it accepts a command and completes it later."""

from typing import Self
from uuid import UUID

from counterstep.protocol.barrier import EffectKey


class Token(str):
    """Names a command whose reply is deferred. A handler gets one by a parameter of this type, and returns it.

    It is plain text, so it can be stored in a row, and stays valid across restarts. Hand it to `tx.complete` with
    the reply: `await tx.complete(request.token, RoomConfirmed())`.

    Units: none. A reply may come until the step's timeout (`within`) is over; then the saga compensates.

    Raises: `ValueError` from `key`, and from `tx.complete`, where the text is no token.

    >>> reception = Participant("suppliers", TRIP)
    >>> @reception.handles(RequestRoom)
    ... def request(command: RequestRoom, requests: dict[UUID, RoomRequest], token: Token) -> Token:
    ...     requests[command.trip_id] = RoomRequest(trip_id=command.trip_id, token=token, city="Lisbon", nights=3)
    ...     return token
    """

    __slots__ = ()

    @classmethod
    def of(cls, key: EffectKey) -> Self:
        """The token of the command that asks for this effect."""
        return cls(f"{key.saga_id}/{key.step}")

    @property
    def key(self) -> EffectKey:
        """The effect whose reply is deferred. Raises `ValueError` where the text is no token."""
        saga_id, _, step = self.partition("/")
        return EffectKey(UUID(saga_id), step, "forward")
