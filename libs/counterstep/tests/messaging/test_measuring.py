"""A scrape is answered whatever the database does."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from counterstep.messaging.database.database import Database
from counterstep.messaging.outbox.gauges import of_outbox
from counterstep.messaging.scrape.measuring import ANSWER_SECONDS, Measuring
from prometheus_client import Metric


class SilentServer:
    """Takes every connection and says nothing to it."""

    def __init__(self) -> None:
        self.connections = 0

    async def take(self, _: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        self.connections += 1


@pytest.fixture
async def silent() -> AsyncIterator[tuple[SilentServer, Measuring]]:
    server_state = SilentServer()
    server = await asyncio.start_server(server_state.take, "127.0.0.1", 0)
    async with measuring_of(server.sockets[0].getsockname()[1]) as measuring:
        yield server_state, measuring
    server.close()


@asynccontextmanager
async def measuring_of(port: int) -> AsyncIterator[Measuring]:
    address = f"postgresql://nobody@127.0.0.1:{port}/none?sslmode=disable"
    database = Database(address)
    measuring = Measuring(database, [of_outbox])
    yield measuring
    await measuring.stop()
    await database.close()


def seen(metrics: Sequence[Metric]) -> dict[str, float]:
    return {metric.name: metric.samples[0].value for metric in metrics}


async def test_a_missing_database_is_reported_as_down_and_nothing_else_is_measured() -> None:
    async with measuring_of(1) as measuring:
        assert seen(await measuring()) == {"database_up": 0}


async def test_a_database_that_does_not_answer_is_waited_for_only_so_long(
    silent: tuple[SilentServer, Measuring],
) -> None:
    async with asyncio.timeout(ANSWER_SECONDS + 1):
        assert seen(await silent[1]()) == {"database_up": 0}


async def test_many_scrapes_at_once_query_the_database_once(silent: tuple[SilentServer, Measuring]) -> None:
    server, measuring = silent
    async with asyncio.timeout(ANSWER_SECONDS + 1):
        await asyncio.gather(*(measuring() for _ in range(20)))
    assert server.connections == 1
