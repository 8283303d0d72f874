"""Which faults are on: for each service those of the latest message, until it ends. Pure: the clock is given.

The messages may come twice, late and in any order. Processes that have received the same messages know the same
faults.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, TypeAlias

from counterstep.protocol.control import Faults, SwitchFaults

NONE: Final = Faults()

Clock: TypeAlias = Callable[[], datetime]


class FaultBoard:
    """The faults of every service, as far as this process knows them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, SwitchFaults] = {}

    def hear(self, said: SwitchFaults) -> bool:
        """Apply the message to each service for which none later is known; false where there is no such service.

        Of two messages of the same moment, the one with the greater text counts as the later.
        """
        news = [each for each in said.services if each not in self._last or _age(self._last[each]) < _age(said)]
        self._last.update(dict.fromkeys(news, said))
        return bool(news)

    def on(self) -> dict[str, SwitchFaults]:
        """Service → the message whose faults are on for it now; services without faults are left out."""
        now = self._clock()
        return {name: said for name, said in self._last.items() if said.ends_at > now and said.faults != NONE}

    def words(self) -> list[SwitchFaults]:
        """The messages for a process that knows none: also those that switched faults off before their end."""
        now = self._clock()
        return list({id(said): said for said in self._last.values() if said.ends_at > now}.values())

    def of(self, service: str) -> Faults:
        """The faults of one service now."""
        said = self._last.get(service)
        return said.faults if said and said.ends_at > self._clock() else NONE

    def left(self, service: str) -> timedelta:
        """For how long the latest message about a service still counts."""
        said = self._last.get(service)
        return max(said.ends_at - self._clock(), timedelta()) if said else timedelta()

    def falls_on(self, service: str, share: float, *about: object) -> bool:
        """Whether a fault that concerns this share concerns what `about` names: the same for one seed."""
        said = self._last.get(service)
        text = "\0".join(map(str, (said.seed if said else 0, *about)))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) < share * 2**64


def _age(said: SwitchFaults) -> tuple[datetime, str]:
    return said.switched_at, said.model_dump_json()
