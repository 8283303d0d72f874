"""Which faults are on: for each service the last word said about it, until its end. Pure: the clock is given.

Words may come twice, late and in any order; whoever has heard the same words knows the same faults.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, TypeAlias

from counterstep.protocol.control import Faults, SwitchFaults

NONE: Final = Faults()

Clock: TypeAlias = Callable[[], datetime]


class FaultBoard:
    """The faults of every service, as far as this process has heard."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, SwitchFaults] = {}

    def hear(self, said: SwitchFaults) -> bool:
        """Take note for each service of which nothing later was heard; false where that is none of them.

        Of two words of one moment the greater text is the later.
        """
        news = [each for each in said.services if each not in self._last or _age(self._last[each]) < _age(said)]
        self._last.update(dict.fromkeys(news, said))
        return bool(news)

    def on(self) -> dict[str, SwitchFaults]:
        """Service → what is on for it now; without those for which nothing is."""
        now = self._clock()
        return {name: said for name, said in self._last.items() if said.ends_at > now and said.faults != NONE}

    def words(self) -> list[SwitchFaults]:
        """What must be said to whoever has heard nothing: also that something was switched off before its end."""
        now = self._clock()
        return list({id(said): said for said in self._last.values() if said.ends_at > now}.values())

    def of(self, service: str) -> Faults:
        """The faults of one service now."""
        said = self._last.get(service)
        return said.faults if said and said.ends_at > self._clock() else NONE

    def left(self, service: str) -> timedelta:
        """How long what was last said of a service still counts."""
        said = self._last.get(service)
        return max(said.ends_at - self._clock(), timedelta()) if said else timedelta()

    def falls_on(self, service: str, share: float, *about: object) -> bool:
        """Whether a fault of this share falls on what is named by `about`: always the same answer for one seed."""
        said = self._last.get(service)
        text = "\0".join(map(str, (said.seed if said else 0, *about)))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) < share * 2**64


def _age(said: SwitchFaults) -> tuple[datetime, str]:
    return said.switched_at, said.model_dump_json()
