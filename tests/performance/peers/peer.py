"""Another system, measured as ours is: the same levels, the same window, the same figures."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import ClassVar, Protocol

from infra.machine.user_error import UserError

from performance.meters import Reading, cpu_seconds
from performance.peers.loop import Span
from performance.results import Latency, Level, Round
from performance.round import LEAD, WARM_UP_AT_ONCE, Load, Window


class Trade(Protocol):
    """A closed loop, in whichever system it runs."""

    async def run(self, at_once: int) -> list[Span]:
        """Go on until it is closed."""
        ...

    def close(self) -> None:
        """Let each saga be its client's last."""
        ...


class Peer(ABC):
    """A running peer. It has closed loops only, and confirms every order."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def processes(self) -> Mapping[str, int]:
        """What it consists of, by process id."""

    @abstractmethod
    def trade(self) -> AbstractAsyncContextManager[Trade]:
        """Open what puts it under load."""

    def warm_up(self, load: Load) -> None:
        """Put it in its stride."""
        asyncio.run(self._trade(WARM_UP_AT_ONCE, load.seconds))

    def measure(self, level: Level, load: Load) -> Round:
        """Put this load on it. Raises UserError where it ends nothing."""
        window, spans = asyncio.run(self._trade(level.at_once or 1, load.seconds))
        ended = sum(window.holds(end) for _, end in spans)
        latencies = [end - begun for begun, end in spans if window.holds(begun)]
        if not ended or not latencies:
            raise UserError(
                self.name, f"ended nothing within {window.seconds:.0f} s; measure for longer (--seconds)"
            )
        return Round(
            system=self.name,
            level=level,
            seconds=window.seconds,
            ended=ended,
            latency=Latency.of(latencies),
            counted=window.after.since(window.before),
        )

    async def _trade(self, at_once: int, seconds: float) -> tuple[Window, list[Span]]:
        async with self.trade() as trade:
            trading = asyncio.create_task(trade.run(at_once))
            try:
                await asyncio.wait({trading}, timeout=seconds * LEAD)
                before = self._read()
                await asyncio.wait({trading}, timeout=seconds)
                window = Window(before, self._read())
            finally:
                trade.close()
                spans = await trading
        return window, spans

    def _read(self) -> Reading:
        return Reading(time.time(), {f"cpu.{name}": cpu_seconds(pid) for name, pid in self.processes.items()})
