"""All that one service process runs beside its HTTP API: consumers, transactions and the relay."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Final, Self, cast

import asyncpg
from prometheus_client import Metric
from sqlalchemy import ExceptionContext, QueuePool, event, text
from sqlalchemy.ext.asyncio import create_async_engine
from telemetry.metrics import watch_event_loop

from messaging import gauges
from messaging.batches import Batches, Consumer
from messaging.consumption import Consumption
from messaging.dead_letters import DeadLetterKeeper
from messaging.keep_alive import keep_alive
from messaging.measuring import Measuring
from messaging.middleware import Middleware
from messaging.relay import Relay
from messaging.transaction import Transactions

POOL_SIZE: Final = 10
POOL_SECONDS: Final = 5.0
STATEMENT_SECONDS: Final = 10
SILENCE_SECONDS: Final = STATEMENT_SECONDS + 2
"""A database that says nothing for longer than a statement may take is gone, though its connection stands."""
LOCK_SECONDS: Final = 10
DRAIN_SECONDS: Final = 15.0

_NOTHING_BETWEEN: Final = Middleware()


class Runtime:
    """Starts at once and keeps trying where the broker or the database is away; `health` tells which."""

    def __init__(
        self, consumer: Consumer, *, database_url: str, amqp_url: str, middleware: Middleware = _NOTHING_BETWEEN
    ) -> None:
        self.engine = create_async_engine(
            "postgresql+asyncpg://",
            # asyncpg reads the address itself: SQLAlchemy would not hand on what it says of TLS.
            async_creator=partial(
                asyncpg.connect, database_url, server_settings=_timeouts(), command_timeout=SILENCE_SECONDS
            ),
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
        )
        event.listen(self.engine.sync_engine, "handle_error", _silence_is_a_lost_connection)
        self.relay = Relay(
            sender=consumer.name, amqp_url=amqp_url, database_url=database_url, permit=middleware.permit
        )
        self.transactions = Transactions(self.engine, self.relay)
        self._consumer = consumer
        self._middleware = middleware
        consumers: tuple[Consumer, ...] = (middleware.consumer(consumer), DeadLetterKeeper(consumer.name))
        self._batches = [Batches(each, self.transactions) for each in consumers]
        measures = [measure for each in consumers for measure in each.measures]
        self._measuring = Measuring(self.engine, [gauges.of_outbox, *measures])
        feeds = {queue: middleware.receive(each.receive) for each in self._batches for queue in each.queues}
        self._consumption = Consumption(consumer.name, amqp_url, feeds)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        runs: dict[str, Callable[[], Awaitable[None]]] = {
            "relay": self.relay.run,
            "consumption": self._consumption.run,
            "event loop": watch_event_loop,
            **{f"batches of {each.queues[0]}": each.run for each in self._batches},
            **{task.__name__: partial(task, self.transactions) for task in self._consumer.tasks},
            **self._middleware.runs,
        }
        self._tasks = [asyncio.create_task(keep_alive(name, run)) for name, run in runs.items()]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Consume nothing new, finish what is in hand, publish it, close."""
        await self._consumption.stop()
        await self._drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._measuring.stop()
        await self.engine.dispose()

    async def health(self) -> dict[str, str]:
        """Each part this process needs, and `ok` or what is wrong with it."""
        return {
            "database": await self._database_health(),
            "consumers": await self._consumption.health(),
            "relay": await self.relay.health(),
        }

    async def measured(self) -> list[Metric]:
        """What is true now: of the pool, the relay, and, where it answers, the database."""
        pool = gauges.of_pool(cast(QueuePool, self.engine.pool))
        return [*pool, gauges.of_refused(self.relay.refused), *await self._measuring()]

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                for batches in self._batches:
                    await batches.drained()
                await self.relay.drained()
        except TimeoutError:
            return  # what is left is unacknowledged or in the outbox: the next process takes it

    async def _database_health(self) -> str:
        try:
            async with asyncio.timeout(POOL_SECONDS), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001 - any reason is a reason not to be ready
            return repr(error)
        return "ok"


def _silence_is_a_lost_connection(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def _timeouts() -> dict[str, str]:
    return {
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
    }
