"""Everything that one service process runs beside its HTTP API: consumers, transactions and the outbox relay."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

import structlog
from faststream.rabbit import RabbitBroker
from prometheus_client import Metric

from counterstep.messaging.consumer.batches import BatchProcessor
from counterstep.messaging.consumer.broker_consumer import BrokerConsumer, dedicated, shared
from counterstep.messaging.consumer.consuming import Consumer
from counterstep.messaging.consumer.gauges import of_dead_letters, of_retries
from counterstep.messaging.consumer.keep_alive import keep_alive
from counterstep.messaging.consumer.middleware import Middleware
from counterstep.messaging.consumer.old_release import OldRelease
from counterstep.messaging.consumer.retention import keep_pruned
from counterstep.messaging.consumer.retry_feed import RetryFeed
from counterstep.messaging.consumer.task import TaskContext
from counterstep.messaging.consumer.upkeep import keep_tidy
from counterstep.messaging.database.database import Database
from counterstep.messaging.database.pool import TAKE_SECONDS
from counterstep.messaging.database.pool_profile import MESSAGES
from counterstep.messaging.observability.metrics import count_from_zero
from counterstep.messaging.outbox import quarantine
from counterstep.messaging.outbox.gauges import of_outbox, of_refused
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.outbox.relay import UNROUTABLE_SECONDS, Relay
from counterstep.messaging.outbox.transaction import Transactions
from counterstep.messaging.scrape.gauges import of_pools
from counterstep.messaging.scrape.measuring import Measuring
from counterstep.messaging.wire.tolerant import decode_any_frame
from counterstep.telemetry.metrics import watch_event_loop

DRAIN_SECONDS: Final = 15.0

_NOTHING_BETWEEN: Final = Middleware()

log = structlog.get_logger()


class Runtime:
    """The messaging of one service process, running inside an `async with` block.

    It starts at once and keeps trying where the broker or the database is away; `health` says which. At the end of
    the block it consumes nothing new, finishes what it has begun, publishes the outbox, and closes.

    `transactions` are for the application's own code: what is sent in one is in the outbox, and so is published if
    and only if the transaction commits.

    Consumers open a connection of their own, or use `broker`, the FastStream broker that an application already
    has. The application starts that broker before the block and stops it after. The outbox is always published
    over a connection of its own, to `amqp_url`.

    Units: `unroutable_seconds` is in seconds. A message whose queue or exchange does not exist is offered for that
    time, and then goes into quarantine. `pack_messages` is how many messages to one address may travel as one AMQP
    message; raise it when all that consume them read packs.

    Raises: `LookupError` where the topology has no service of the consumer's name.

    ```python
    async def lending(broker: RabbitBroker, amqp_url: str, database_url: str) -> None:
        async with broker, Runtime(agency, amqp_url=amqp_url, database_url=database_url, broker=broker) as runtime:
            await broker.start()  # the application's own subscribers
            async with runtime.transactions() as tx:
                await tx.session.merge(Offer(offer="flight to Lisbon", available=5))
    ```
    """

    def __init__(  # noqa: PLR0913 - keywords, each with one meaning
        self,
        consumer: Consumer,
        *,
        database_url: str,
        amqp_url: str,
        broker: RabbitBroker | None = None,
        middleware: Middleware = _NOTHING_BETWEEN,
        unroutable_seconds: float = UNROUTABLE_SECONDS,
        pack_messages: int = 1,
    ) -> None:
        """Open nothing yet. Raises `LookupError` where the topology has no service of the consumer's name."""
        decode_any_frame()
        count_from_zero(consumer.topology.service(consumer.name).publishes)
        self._middleware = middleware
        self.database = Database(database_url)
        self._message_database = Database(database_url, MESSAGES)
        self.relay = Relay(
            sender=consumer.name,
            amqp_url=amqp_url,
            database_url=database_url,
            permit=middleware.permit,
            unroutable_seconds=unroutable_seconds,
            pack_messages=pack_messages,
        )
        self.platform_transactions = PlatformTransactions(self.database, self.relay)
        self.transactions = Transactions(self.platform_transactions)
        self._message_transactions = PlatformTransactions(self._message_database, self.relay)
        process = uuid4()
        self._consumer = consumer
        self._batches = BatchProcessor(consumer, middleware.work(consumer), self._message_transactions, process)
        receive = middleware.receive(self._batches.receive)
        self._retry_feeds = [RetryFeed(queue, consumer.name, process, receive) for queue in consumer.queues]
        self._old_release = OldRelease(consumer.name, consumer.queues, amqp_url)
        measures = (of_outbox, of_dead_letters, of_retries(consumer.queues), *consumer.measures)
        self._measuring = Measuring(self.database, measures)
        self._broker_consumer = BrokerConsumer(
            shared(broker) if broker else dedicated(consumer.name, amqp_url),
            dict.fromkeys(consumer.queues, receive),
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start every task. It does not wait until the broker and the database are there."""
        self._tasks = [asyncio.create_task(keep_alive(name, run)) for name, run in self._background().items()]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Consume nothing new, finish what has begun, publish it, close."""
        for feed in self._retry_feeds:
            feed.stop()
        await self._broker_consumer.stop()
        await self._drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._measuring.stop()
        for database in (self.database, self._message_database):
            await database.close()

    @property
    def background_transactions(self) -> PlatformTransactions:
        """For tasks that find rows by their keys. A flood of requests never keeps them waiting."""
        return self._message_transactions

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that this service consumes."""
        return self._consumer.queues

    async def health(self) -> dict[str, str]:
        """Each part that this process needs, and `ok` or what is wrong with it. Never raises.

        ```python
        await runtime.health()  # {"database": "ok", "consumers": "ok", "relay": "ok"}
        ```
        """
        return {
            "database": await self._database_health(),
            "consumers": await self._broker_consumer.health(),
            "relay": await self.relay.health(),
        }

    async def measured(self) -> list[Metric]:
        """The gauges of this moment: of the pools, the relay and, where it answers, the database."""
        pools = of_pools(self.database.pool, self._message_database.pool)
        return [*pools, of_refused(self.relay.refused), *await self._measuring()]

    def _background(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Each task that lives as long as the process, by the name that its log lines give it."""
        context = TaskContext(self._message_transactions, lambda: self.relay.connected_seconds)
        transactions = self._message_transactions
        return {
            "relay": self.relay.run,
            "consumption": self._broker_consumer.run,
            "event loop": watch_event_loop,
            "batches": self._batches.run,
            "upkeep": partial(keep_tidy, transactions, self.queues),
            "settled quarantine": partial(keep_pruned, quarantine.prune, transactions),
            "what an older release left": partial(self._old_release.run, transactions),
            **({"admission": self._batches.admit} if self._consumer.admission else {}),
            **{f"retries of {each.queue}": partial(each.run, transactions) for each in self._retry_feeds},
            **{task.__name__: partial(task, context) for task in self._consumer.tasks},
            **self._middleware.background,
        }

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._batches.drained()
                for feed in self._retry_feeds:
                    await feed.release(self._message_transactions)
                await self.relay.drained()
        except Exception as error:  # noqa: BLE001 - what is left is unacknowledged, or leased for seconds, or in the outbox
            log.info("not all is drained: the next process takes what is left", error=repr(error))

    async def _database_health(self) -> str:
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self.database.ping()
        except Exception as error:  # noqa: BLE001 - any reason is a reason not to be ready
            return repr(error)
        return "ok"
