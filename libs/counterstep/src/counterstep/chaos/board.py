"""Which faults are on: for each service those of the latest message, until its end.

Messages may come twice, late and in any order: processes that have received the same messages know the same
faults. The clock is a parameter, so that a test can choose the time.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, TypeAlias

from counterstep.protocol.control import LONGEST, Faults, SwitchFaults

NONE: Final = Faults()
SKEW: Final = timedelta(seconds=10)
"""The clock of another process may be ahead of this one's by that long."""

MOST_STRANGERS: Final = 100
"""How many services a board remembers that are not of its own topology, because they are newer."""

Clock: TypeAlias = Callable[[], datetime]


class FutureDatedError(ValueError):
    """A message is dated later than this process's clock allows; the text tells both times."""


class CrowdedError(ValueError):
    """A message names more services that this process does not have than it remembers."""


class FaultBoard:
    """The faults of every service, as far as this process knows them: those of `known`, and some newer ones."""

    def __init__(self, clock: Clock, known: Collection[str]) -> None:
        self._clock = clock
        self._known = frozenset(known)
        self._last: dict[str, SwitchFaults] = {}

    def apply(self, message: SwitchFaults) -> bool:
        """Apply the message to each service for which none later is known; false where there is no such service.

        Of two messages of the same moment, the one with the greater text counts as the later. Raises
        `FutureDatedError` for a message of the future, which would otherwise outlast every later one, and
        `CrowdedError` for one that names more unknown services than are remembered.
        """
        now = self._clock()
        # To switch off is dated later than what it ends, so it may be later than that may be.
        if message.switched_at > now + (2 * SKEW if message.faults == NONE else SKEW):
            raise FutureDatedError(f"it is dated {message.switched_at}, and it is {now} here")
        self._forget(now - LONGEST)
        if len(strangers := {*self._last, *message.services} - self._known) > MOST_STRANGERS:
            raise CrowdedError(f"{len(strangers)} services are unknown here; {MOST_STRANGERS} are remembered")
        news = [
            each for each in message.services if each not in self._last or _age(self._last[each]) < _age(message)
        ]
        self._last.update(dict.fromkeys(news, message))
        return bool(news)

    def moment(self) -> datetime:
        """The date for a new message: now, and later than every message that is known here."""
        tick = timedelta(microseconds=1)
        return max([self._clock(), *(message.switched_at + tick for message in self._last.values())])

    def on(self) -> dict[str, SwitchFaults]:
        """Service → the message whose faults are on for it now; services without faults are left out."""
        now = self._clock()
        return {
            name: message
            for name, message in self._last.items()
            if message.ends_at > now and message.faults != NONE
        }

    def current(self) -> list[SwitchFaults]:
        """The messages for a process that knows none: also those that switched faults off before their end."""
        now = self._clock()
        return list({id(message): message for message in self._last.values() if message.ends_at > now}.values())

    def of(self, service: str) -> Faults:
        """The faults of one service now."""
        message = self._last.get(service)
        return message.faults if message and message.ends_at > self._clock() else NONE

    def left(self, service: str) -> timedelta:
        """For how long the latest message about a service still counts."""
        message = self._last.get(service)
        return max(message.ends_at - self._clock(), timedelta()) if message else timedelta()

    def falls_on(self, service: str, share: float, *subject: object) -> bool:
        """Whether a fault that concerns this share concerns what `subject` names: the same for one seed."""
        message = self._last.get(service)
        text = "\0".join(map(str, (message.seed if message else 0, *subject)))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) < share * 2**64

    def _forget(self, before: datetime) -> None:
        """Drop messages so old that no earlier one can still count."""
        self._last = {name: each for name, each in self._last.items() if each.switched_at > before}


def _age(message: SwitchFaults) -> tuple[datetime, str]:
    return message.switched_at, message.model_dump_json()
