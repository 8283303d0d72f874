"""The relay: what it has in memory is published once, and what it could not publish is not lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest
from counterstep.messaging.outbox.relay import Relay
from infra.launcher.native.stack import Stack
from relayed import Relayed, Row, relayed
from waiting import eventually


@pytest.fixture
async def place(stack: Stack) -> AsyncIterator[Relayed]:
    async with relayed(stack) as place:
        yield place


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def held_by(gate: asyncio.Event) -> Callable[[], Awaitable[None]]:
    """A permit that is given once the gate is open."""

    async def permit() -> None:
        await gate.wait()

    return permit


async def test_what_waits_for_its_turn_longer_than_its_lease_is_published_once(place: Relayed) -> None:
    saga, gate = uuid4(), asyncio.Event()
    relay = place.relay(permit=held_by(gate))

    async def is_claimed_again() -> bool:
        return bool(await place.database.fetchval("SELECT bool_and(leased_until > now()) FROM outbox"))

    async with running(relay):
        written = await place.commit(relay, [Row(saga), Row(saga)])
        await place.database.execute("UPDATE outbox SET leased_until = now() - interval '1 s'")
        await eventually(is_claimed_again, until=bool)
        gate.set()
        await place.everything_published()
    assert Counter(await place.deliveries()) == dict.fromkeys(written, 1)


async def test_what_was_in_memory_when_the_connection_was_lost_is_published_by_the_next_one(
    place: Relayed,
) -> None:
    saga, gate = uuid4(), asyncio.Event()
    relay = place.relay(permit=held_by(gate))
    async with running(relay):
        written = await place.commit(relay, [Row(saga), Row(saga)])
    gate.set()
    async with running(relay):
        async with asyncio.timeout(4):  # its lease has not run out by then, so no sweep brings it
            await place.everything_published()
    assert await place.arrived() == written
