"""How a process sends on the exchange `control`, and reads the stream that keeps its messages.

The stream and its binding are declared beforehand, so no process needs the right to declare or bind anything.
Each reads from the moment at which it begins, and requests the messages that it has missed from the others. Nobody
reads what is older: when every process that knew of a fault has ended, the fault has ended too.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final

import aio_pika
import structlog
from aio_pika import Message as AmqpMessage
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage
from yarl import URL

from counterstep.chaos.board import FaultBoard
from counterstep.chaos.control_message import RefusedError, read
from counterstep.protocol.control import RecallFaults, SwitchFaults
from counterstep.protocol.exchanges import CONTROL, CONTROL_LOG
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name

SEND_SECONDS: Final = 5.0
PREFETCH: Final = 100
GATHER_SECONDS: Final = 0.1
"""Requests that come within this time are answered together."""

log = structlog.get_logger()


class Control:
    """Applies to the board what the services say on `control`, and sends to all other processes."""

    def __init__(
        self, name: str, amqp_url: str, peers: Collection[str], board: FaultBoard, changed: Callable[[], None]
    ) -> None:
        self._name = name
        self._url = URL(amqp_url).update_query(heartbeat=15, name=f"{name} control")
        self._peers = peers
        self._board = board
        self._changed = changed
        self._exchange: AbstractExchange | None = None
        self._answering = False

    async def run(self) -> None:
        """Receive until the connection is lost. Raises then, or where the broker is not there."""
        async with await aio_pika.connect(self._url, timeout=10) as connection:
            channel = await connection.channel()
            exchange = await channel.get_exchange(CONTROL, ensure=False)
            await self._read_from_now(channel)
            self._exchange = exchange
            try:
                await self.send(RecallFaults())
                await channel.closed()
            finally:
                self._exchange = None
        raise ConnectionError("the connection to control was lost")

    async def _read_from_now(self, channel: AbstractChannel) -> None:
        # The broker delivers a stream only to a consumer that has a prefetch and acknowledges.
        await channel.set_qos(prefetch_count=PREFETCH)
        stream = await channel.get_queue(CONTROL_LOG, ensure=False)
        await stream.consume(self._receive, arguments={"x-stream-offset": "next"})

    async def send(self, message: Message) -> None:
        """Send to every process. Raises `ConnectionError` or `TimeoutError` where the broker does not take it."""
        if self._exchange is None:
            raise ConnectionError("the broker is away")
        outgoing = AmqpMessage(
            message.model_dump_json().encode(),
            content_type="application/json",
            type=type_name(type(message)),
            user_id=self._name,
            app_id=self._name,
        )
        async with asyncio.timeout(SEND_SECONDS):
            await self._exchange.publish(outgoing, routing_key="")

    async def _receive(self, message: AbstractIncomingMessage) -> None:
        await message.ack()
        try:
            said = read(message, self._peers)
            if isinstance(said, SwitchFaults):
                self.apply(said)
            else:
                await self._answer()
        except (RefusedError, ValueError) as error:
            log.warning("refused on control", error=str(error), sender=message.user_id)

    def apply(self, message: SwitchFaults) -> None:
        """Apply a message of this process or of another. Raises `ValueError` where `FaultBoard.apply` does."""
        if self._board.apply(message):
            log.warning("faults switched", **message.model_dump(mode="json", exclude={"seed", "switched_at"}))
            self._changed()

    async def _answer(self) -> None:
        """Repeat what is on, once for all who ask at about the same time: nobody makes us shout."""
        if self._answering:
            return
        self._answering = True
        try:
            await asyncio.sleep(GATHER_SECONDS)
        finally:
            self._answering = False
        with suppress(ConnectionError, TimeoutError):
            for message in self._board.current():
                await self.send(message)
