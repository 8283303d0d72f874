"""A process's ear and voice on the exchange `control`: a queue of its own, which goes when it does.

Whoever begins to listen asks the others what it has missed. Nothing here is persistent: when no process is left
that heard of a fault, there is no fault.
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

SAY_SECONDS: Final = 5.0

log = structlog.get_logger()


class Control:
    """What this process hears on `control` it notes on the board, and what it says all others hear."""

    def __init__(self, name: str, amqp_url: str, board: FaultBoard, changed: Callable[[], None]) -> None:
        self._name = name
        self._url = URL(amqp_url).update_query(heartbeat=15, name=f"{name} control")
        self._board = board
        self._changed = changed
        self._exchange: AbstractExchange | None = None

    async def run(self) -> None:
        """Listen until the connection is lost; raises then, or where the broker is not there."""
        async with await aio_pika.connect(self._url, timeout=10) as connection:
            channel = await connection.channel()
            exchange = await channel.get_exchange(CONTROL, ensure=False)
            ear = await channel.declare_queue(exclusive=True)
            await ear.bind(exchange)
            await ear.consume(self._hear, no_ack=True)
            self._exchange = exchange
            try:
                await self.say(RecallFaults())
                await channel.closed()
            finally:
                self._exchange = None
        raise ConnectionError("nothing is heard on control any more")

    async def say(self, message: Message) -> None:
        """Tell every process. Raises `ConnectionError` where the broker does not take it."""
        if self._exchange is None:
            raise ConnectionError("the broker is away")
        said = AmqpMessage(
            message.model_dump_json().encode(),
            content_type="application/json",
            type=type_name(type(message)),
            user_id=self._name,
            app_id=self._name,
        )
        async with asyncio.timeout(SAY_SECONDS):
            await self._exchange.publish(said, routing_key="")

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        if message.type == type_name(RecallFaults):
            await self._repeat()
        elif message.type == type_name(SwitchFaults):
            try:
                self.note(SwitchFaults.model_validate_json(message.body))
            except ValidationError as error:
                log.warning("not understood on control", error=str(error))

    def note(self, said: SwitchFaults) -> None:
        """Take it as heard."""
        if self._board.hear(said):
            log.warning("faults switched", **said.model_dump(mode="json", exclude={"seed", "switched_at"}))
            self._changed()

    async def _repeat(self) -> None:
        with suppress(ConnectionError, TimeoutError):
            for said in self._board.words():
                await self.say(said)
