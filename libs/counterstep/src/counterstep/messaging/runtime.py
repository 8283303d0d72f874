"""All that one service process runs beside its HTTP API: consumers, transactions and the relay."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Final, Self

from prometheus_client import Metric

from counterstep.messaging.consumer.batches import BatchProcessor, Consumer
from counterstep.messaging.consumer.broker_consumer import BrokerConsumer
from counterstep.messaging.consumer.dead_letters import DeadLetterKeeper
from counterstep.messaging.consumer.keep_alive import keep_alive
from counterstep.messaging.consumer.middleware import Middleware
from counterstep.messaging.database.database import Database
from counterstep.messaging.database.pool import TAKE_SECONDS
from counterstep.messaging.database.pool_profile import MESSAGES
from counterstep.messaging.observability.metrics import count_from_zero
from counterstep.messaging.outbox.relay import Relay
from counterstep.messaging.outbox.transaction import Transactions
from counterstep.messaging.scrape import gauges
from counterstep.messaging.scrape.measuring import Measuring
from counterstep.telemetry.metrics import watch_event_loop

DRAIN_SECONDS: Final = 15.0

_NOTHING_BETWEEN: Final = Middleware()


class Runtime:
    """Starts at once and keeps trying where the broker or the database is away; `health` tells which."""

    def __init__(
        self, consumer: Consumer, *, database_url: str, amqp_url: str, middleware: Middleware = _NOTHING_BETWEEN
    ) -> None:
        self.database = Database(database_url)
        self._message_database = Database(database_url, MESSAGES)
        self.relay = Relay(
            sender=consumer.name, amqp_url=amqp_url, database_url=database_url, permit=middleware.permit
        )
        self.transactions = Transactions(self.database, self.relay)
        self._consumer = consumer
        count_from_zero(consumer.topology.service(consumer.name).writes)
        self._middleware = middleware
        consumers: tuple[Consumer, ...] = (
            middleware.consumer(consumer),
            DeadLetterKeeper(consumer.topology, consumer.name),
        )
        self._message_transactions = Transactions(self._message_database, self.relay)
        self._batches = [BatchProcessor(each, self._message_transactions) for each in consumers]
        measures = [measure for each in consumers for measure in each.measures]
        self._measuring = Measuring(self.database, [gauges.of_outbox, *measures])
        feeds = {queue: middleware.receive(each.receive) for each in self._batches for queue in each.queues}
        self._consumption = BrokerConsumer(consumer.name, amqp_url, feeds)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        runs: dict[str, Callable[[], Awaitable[None]]] = {
            "relay": self.relay.run,
            "consumption": self._consumption.run,
            "event loop": watch_event_loop,
            **{f"batches of {each.queues[0]}": each.run for each in self._batches},
            **{f"admission to {each.queues[0]}": each.admit for each in self._batches},
            **{task.__name__: partial(task, self._message_transactions) for task in self._consumer.tasks},
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
        for database in (self.database, self._message_database):
            await database.close()

    async def health(self) -> dict[str, str]:
        """Each part this process needs, and `ok` or what is wrong with it."""
        return {
            "database": await self._database_health(),
            "consumers": await self._consumption.health(),
            "relay": await self.relay.health(),
        }

    async def measured(self) -> list[Metric]:
        """What is true now: of the pools, the relay, and, where it answers, the database."""
        pools = gauges.of_pools(self.database.pool, self._message_database.pool)
        return [*pools, gauges.of_refused(self.relay.refused), *await self._measuring()]

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
            async with asyncio.timeout(TAKE_SECONDS):
                await self.database.ping()
        except Exception as error:  # noqa: BLE001 - any reason is a reason not to be ready
            return repr(error)
        return "ok"
