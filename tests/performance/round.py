"""One round of load on one stack, and what it came to."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from counterstep.http.roles import Role
from counterstep.http.views.sagas import SagaSummary
from infra.launcher.native.stack import Stack
from infra.load import filling
from infra.load.measurements import outcome_of, percentile
from infra.load.mix import Mix
from infra.load.planning import Planned, plan
from infra.machine.user_error import UserError

from performance.client import Client, client
from performance.closed_loop import ClosedLoop, Sent
from performance.meters import Reading, read
from performance.open_loop import send_when_due
from performance.results import Latency, Level, Round

MOST_A_SECOND: Final = 2_000
"""The number of orders that are prepared for each second of a closed loop: more than our machines can process."""
LEAD: Final = 0.2
"""The share of a closed loop's time that passes before its window opens: until then it is not in its stride."""
LONGEST_WAIT: Final = 30  # seconds
WARM_UP: Final = 200  # orders
WARM_UP_AT_ONCE: Final = 16


@dataclass(frozen=True)
class Load:
    """What orders there are, and for how long; the same seed makes the same orders."""

    mix: Mix
    seed: int
    seconds: float

    def orders(self, rate: float, seconds: float) -> list[Planned]:
        return plan(rate=rate, seconds=seconds, mix=self.mix, seed=self.seed)


@dataclass(frozen=True)
class System:
    """A stack under a name. Its clients wait for the end of each order, or else look at it until it has ended."""

    name: str
    stack: Stack
    waited: bool = False

    @property
    def _seconds(self) -> int:
        """For how long a request that places an order may wait."""
        return LONGEST_WAIT if self.waited else 0

    def warm_up(self, load: Load) -> None:
        """Place some orders: connections open, statements are prepared, tables have rows. Raises UserError."""
        orders = load.orders(WARM_UP, 1)
        self.fill(orders)

        async def trade() -> None:
            async with client(self.stack, wait=self._seconds) as lean:
                await ClosedLoop(lean, iter(orders), WARM_UP_AT_ONCE).run()

        asyncio.run(trade())

    def measure(self, level: Level, load: Load) -> Round:
        """Put this load on it. Raises UserError where anything is answered or ends otherwise than it must."""
        lead = load.seconds * LEAD if level.at_once else 0.0
        orders = load.orders(level.rate or MOST_A_SECOND, load.seconds + lead)
        self.fill(orders)
        return asyncio.run(self._measured(level, orders, lead, load.seconds))

    def fill(self, orders: list[Planned]) -> None:
        """Set out what these orders are going to take. Raises UserError."""
        filling.fill(self.stack.api(Role.OPERATOR, "bench"), orders)

    async def _measured(self, level: Level, orders: list[Planned], lead: float, seconds: float) -> Round:
        async with client(self.stack, wait=self._seconds if level.at_once else 0) as lean:
            if level.at_once:
                window, sent = await self._closed(lean, orders, level.at_once, lead, seconds)
            else:
                window, sent = await self._open(lean, orders)
            sagas = await lean.ended_sagas(sent)
        _check(sent, sagas)
        return _round(self.name, level, window, sent, sagas)

    async def _closed(
        self, lean: Client, orders: list[Planned], at_once: int, lead: float, seconds: float
    ) -> tuple["Window", dict[UUID, Sent]]:
        loop = ClosedLoop(lean, iter(orders), at_once)
        trading = asyncio.create_task(loop.run())
        try:
            await asyncio.wait({trading}, timeout=lead)
            before = await read(self.stack, lean)
            await asyncio.wait({trading}, timeout=seconds)
            after = await read(self.stack, lean)
        finally:
            loop.close()
            await trading
        return Window(before, after), loop.sent

    async def _open(self, lean: Client, orders: list[Planned]) -> tuple["Window", dict[UUID, Sent]]:
        before = await read(self.stack, lean)
        sent = await send_when_due(lean, orders)
        await lean.all_ended()
        await lean.ended_sagas(sent)  # a saga ends after its order, with the last reply
        return Window(before, await read(self.stack, lean)), sent


@dataclass(frozen=True)
class Window:
    """The time that is measured."""

    before: Reading
    after: Reading

    @property
    def seconds(self) -> float:
        return self.after.at - self.before.at

    def holds(self, at: float) -> bool:
        return self.before.at <= at < self.after.at


def _check(sent: Mapping[UUID, Sent], sagas: Mapping[UUID, SagaSummary]) -> None:
    wrong = Counter(
        f"{outcome} instead of {order.fate}"
        for saga_id, (order, *_) in sent.items()
        if (outcome := outcome_of(sagas[saga_id])) != order.fate
    )
    if wrong:
        raise UserError("orders", "; ".join(f"{count} ended {how}" for how, count in wrong.items()))


def _round(
    system: str, level: Level, window: Window, sent: Mapping[UUID, Sent], sagas: Mapping[UUID, SagaSummary]
) -> Round:
    """Throughput counts what ended in the window, latency what was sent in it."""
    ends = {saga_id: saga.ended_at.timestamp() for saga_id, saga in sagas.items() if saga.ended_at}
    within = [saga_id for saga_id, end in ends.items() if window.holds(end)]
    latencies = [ends[saga_id] - each.at for saga_id, each in sent.items() if window.holds(each.at)]
    if not within or not latencies:
        raise UserError(
            "orders", f"none of them ended within {window.seconds:.0f} s; measure for longer (--seconds)"
        )
    return Round(
        system=system,
        level=level,
        seconds=window.seconds,
        ended=len(within),
        latency=Latency.of(latencies),
        outcomes=dict(Counter(outcome_of(sagas[saga_id]) for saga_id in within)),
        put_off=sum(each.put_off for each in sent.values()),
        late_ms=1000 * (percentile([each.late for each in sent.values()], 0.99) or 0.0),
        counted=window.after.since(window.before),
    )
