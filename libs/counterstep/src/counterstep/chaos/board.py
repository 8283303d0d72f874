"""Which faults are on: for each service those of the latest message, until its end.

Messages may come twice, late and in any order: processes that have received the same messages know the same
faults. The clock is a parameter, so that a test can choose the time.
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

    def apply(self, message: SwitchFaults) -> bool:
        """Apply the message to each service for which none later is known; false where there is no such service.

        Of two messages of the same moment, the one with the greater text counts as the later.
        """
        news = [
            each for each in message.services if each not in self._last or _age(self._last[each]) < _age(message)
        ]
        self._last.update(dict.fromkeys(news, message))
        return bool(news)

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


def _age(message: SwitchFaults) -> tuple[datetime, str]:
    return message.switched_at, message.model_dump_json()
