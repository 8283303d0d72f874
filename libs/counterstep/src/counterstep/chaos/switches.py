"""The fault switches of one process: a middleware applies the faults that arrive on `control` to its messages."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from counterstep.chaos.board import FaultBoard
from counterstep.chaos.control_channel import Control
from counterstep.chaos.refusing import refusing
from counterstep.messaging.consumer.broker_consumer import Receive
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.middleware import Middleware
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.control import Faults, SwitchFaults


class FaultSwitches:
    """The faults that are on for this service; `board` also knows those of the other services."""

    def __init__(self, service: str, amqp_url: str, peers: Collection[str]) -> None:
        """`peers` names the services whose messages count, this one too."""
        self.board = FaultBoard(lambda: datetime.now(UTC), peers)
        self._service = service
        self._changed = asyncio.Event()
        self._control = Control(service, amqp_url, peers, self.board, self._wake)
        self._held: Final[set[asyncio.Task[None]]] = set()

    @property
    def middleware(self) -> Middleware:
        """What the faults do to messages."""
        return Middleware(
            receive=self._around,
            work=lambda consumer: refusing(consumer, self._is_refused),
            permit=self._not_paused,
            background={"control": self._control.run},
        )

    @property
    def now(self) -> Faults:
        """The faults of this service at this moment."""
        return self.board.of(self._service)

    def falls(self, share: float, *subject: object) -> bool:
        """Whether a fault that concerns this share of messages concerns the one that `subject` names."""
        return self.board.falls_on(self._service, share, *subject)

    async def switch(self, message: SwitchFaults) -> None:
        """Send the message to every process, this one too.

        Raises `ConnectionError` or `TimeoutError` where that fails.
        """
        await self._control.send(message)
        self._control.apply(message)

    def _around(self, receive: Receive) -> Receive:
        """A delivery that is held back is not acknowledged: if the process ends first, it is delivered again."""

        async def receive_with_faults(delivery: Delivery) -> None:
            faults = self.now
            if faults.silent or faults.slow_seconds:
                held = asyncio.create_task(self._hold(receive, delivery, faults.slow_seconds))
                self._held.add(held)
                held.add_done_callback(self._held.discard)
            else:
                await self._pass_on(receive, delivery)

        return receive_with_faults

    async def _hold(self, receive: Receive, delivery: Delivery, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._while(lambda faults: faults.silent)
        await self._pass_on(receive, delivery)

    async def _pass_on(self, receive: Receive, delivery: Delivery) -> None:
        await receive(delivery)
        if self.now.duplicates:
            await receive(delivery.again())

    async def _not_paused(self) -> None:
        await self._while(lambda faults: faults.paused)

    def _is_refused(self, envelope: Envelope) -> bool:
        return self.falls(self.now.refuses, envelope.saga_id, envelope.headers.step)

    async def _while(self, holds: Callable[[Faults], bool]) -> None:
        while holds(self.now):
            with suppress(TimeoutError):
                async with asyncio.timeout(self.board.left(self._service).total_seconds()):
                    await self._changed.wait()

    def _wake(self) -> None:
        """Let every waiting task check its condition again."""
        self._changed.set()
        self._changed.clear()
