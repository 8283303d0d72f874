"""How a process receives and sends on the exchange `control`: by a queue of its own, which ends with it.

A process that starts requests the messages that it has missed from the others. Nothing is persistent here: when
every process that knew of a fault has ended, the fault has ended too.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import aio_pika
import structlog
from aio_pika import Message as AmqpMessage
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from pydantic import ValidationError
from yarl import URL

from counterstep.chaos.board import FaultBoard
from counterstep.protocol.control import RecallFaults, SwitchFaults
from counterstep.protocol.exchanges import CONTROL
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name

SEND_SECONDS: Final = 5.0

log = structlog.get_logger()


class Control:
    """Applies to the board what arrives on `control`, and sends to all other processes."""

    def __init__(self, name: str, amqp_url: str, board: FaultBoard, changed: Callable[[], None]) -> None:
        self._name = name
        self._url = URL(amqp_url).update_query(heartbeat=15, name=f"{name} control")
        self._board = board
        self._changed = changed
        self._exchange: AbstractExchange | None = None

    async def run(self) -> None:
        """Receive until the connection is lost. Raises then, or where the broker is not there."""
        async with await aio_pika.connect(self._url, timeout=10) as connection:
            channel = await connection.channel()
            exchange = await channel.get_exchange(CONTROL, ensure=False)
            inbox = await channel.declare_queue(exclusive=True)
            await inbox.bind(exchange)
            await inbox.consume(self._receive, no_ack=True)
            self._exchange = exchange
            try:
                await self.send(RecallFaults())
                await channel.closed()
            finally:
                self._exchange = None
        raise ConnectionError("the connection to control was lost")

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
        if message.type == type_name(RecallFaults):
            await self._repeat()
        elif message.type == type_name(SwitchFaults):
            try:
                self.apply(SwitchFaults.model_validate_json(message.body))
            except ValidationError as error:
                log.warning("not understood on control", error=str(error))

    def apply(self, message: SwitchFaults) -> None:
        """Apply a message of this process or of another."""
        if self._board.apply(message):
            log.warning("faults switched", **message.model_dump(mode="json", exclude={"seed", "switched_at"}))
            self._changed()

    async def _repeat(self) -> None:
        with suppress(ConnectionError, TimeoutError):
            for message in self._board.current():
                await self.send(message)
