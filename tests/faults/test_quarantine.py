"""A row that the broker will never take costs the others nothing."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from counterstep.messaging.outbox import quarantine
from prometheus_client import REGISTRY
from relayed import CLOSED, MISSING, OPEN, Relayed, Row, running
from waiting import eventually

FORBIDDEN = {"exchange": CLOSED}
NEVER_ENCODABLE = {"type": "x" * 300}
NEVER_READABLE = {"headers": "[]"}
UNROUTABLE = {"routing_key": "nobody"}
SAGAS = 300
CONNECTIONS = [(FORBIDDEN, 3), (NEVER_ENCODABLE, 1), (NEVER_READABLE, 1)]
"""How many are opened: the shared one; where the broker closed its channel, its successor and one for suspects."""


def published_alone() -> float:
    """How many messages this process has published alone."""
    return REGISTRY.get_sample_value("messaging_isolated_publishes_total") or 0


def two_each(sagas: list[UUID]) -> list[Row]:
    """Two rows of each saga: all the first ones, then all the second ones."""
    return [Row(saga) for _ in range(2) for saga in sagas]


@pytest.mark.parametrize("pack_messages", [1, 100], ids=["alone", "packs"])
@pytest.mark.parametrize(("fault", "connections"), CONNECTIONS, ids=str)
async def test_a_row_at_fault_goes_into_quarantine_and_all_others_arrive_in_order(
    place: Relayed, fault: dict[str, Any], connections: int, pack_messages: int
) -> None:
    sagas = [uuid4() for _ in range(SAGAS)]
    rows = two_each(sagas)
    culprit = Row(uuid4(), **fault)
    written = await place.write([*rows[:SAGAS], culprit, *rows[SAGAS:]])
    culprits = written.pop(SAGAS)
    opened, isolated = await place.connections_opened(), published_alone()
    async with running(place.relay(pack_messages=pack_messages)) as relay:
        await place.everything_published()
        assert not relay.done()
    assert list(await place.quarantined()) == [culprits]
    arrived = await place.arrived()
    assert sorted(arrived) == sorted(written)
    when = {message_id: nth for nth, message_id in enumerate(arrived)}
    for nth in range(SAGAS):
        assert when[written[nth]] < when[written[SAGAS + nth]]
    assert await place.connections_opened() - opened == connections
    assert published_alone() - isolated == (2 if connections > 1 else 0)  # one for each address


async def test_later_messages_of_its_saga_go_on_without_a_row_in_quarantine(place: Relayed) -> None:
    saga = uuid4()
    before, culprit, after = await place.write([Row(saga), Row(saga, **FORBIDDEN), Row(saga)])
    async with running(place.relay()):
        await place.everything_published()
    assert await place.arrived() == [before, after]
    assert list(await place.quarantined()) == [culprit]


async def test_what_finds_no_queue_is_waited_for_and_holds_back_its_own_saga_alone(place: Relayed) -> None:
    saga, other = uuid4(), uuid4()
    rows = [Row(saga, **UNROUTABLE), Row(saga), Row(other)]
    first, second, third = await place.write(rows)
    async with running(place.relay()):
        await eventually(place.waiting, until=lambda count: count == 2)
        assert await place.arrived() == [third]
        await place.queue.bind(OPEN, "nobody")
        await place.everything_published()
    assert await place.arrived() == [first, second]
    assert not await place.quarantined()


@pytest.mark.parametrize("fault", [UNROUTABLE, {"exchange": MISSING}], ids=str)
async def test_what_finds_no_place_for_long_goes_into_quarantine(place: Relayed, fault: dict[str, Any]) -> None:
    saga = uuid4()
    culprit, after = await place.write([Row(saga, **fault), Row(saga)])
    async with running(place.relay(unroutable_seconds=1)):
        await place.everything_published()
    assert list(await place.quarantined()) == [culprit]
    assert await place.arrived() == [after]


async def test_an_exchange_that_is_created_late_is_waited_for(place: Relayed) -> None:
    late, other = await place.write([Row(uuid4(), exchange=MISSING), Row(uuid4())])
    async with running(place.relay()):
        await eventually(place.waiting, until=lambda count: count == 1)
        exchange = await place.channel.declare_exchange(MISSING, "topic")
        await place.queue.bind(exchange, "thing")
        await place.everything_published()
    assert await place.arrived() == [other, late]
    assert not await place.quarantined()


async def test_a_message_that_is_committed_later_does_not_overtake_a_refused_one_of_its_saga(
    place: Relayed,
) -> None:
    saga = uuid4()
    [first] = await place.write([Row(saga, **UNROUTABLE)])
    relay = place.relay()
    async with running(relay):
        await eventually(place.refusals, until=(1).__eq__)
        [second, third] = await place.commit(relay, [Row(saga), Row(uuid4())])
        await eventually(place.waiting, until=lambda count: count == 2)
        assert await place.arrived() == [third]
        await place.queue.bind(OPEN, "nobody")
        await place.everything_published()
    assert await place.arrived() == [first, second]


async def test_the_pauses_between_two_tries_grow_to_a_minute(place: Relayed) -> None:
    await place.write([Row(uuid4(), **UNROUTABLE) for _ in range(3)])
    await place.database.execute(
        "UPDATE outbox SET refusals = 3 * (position - (SELECT min(position) FROM outbox))"
    )
    async with running(place.relay()):
        await eventually(place.refusals, until=(0 + 3 + 6 + 3).__eq__)
    pauses = await place.database.fetch(
        "SELECT extract(epoch FROM leased_until - now()) FROM outbox ORDER BY position"
    )
    assert [round(float(pause), -1) for [pause] in pauses] in ([0, 40, 60], [10, 40, 60])


async def test_a_relay_moves_no_row_that_another_has_taken_over(place: Relayed) -> None:
    await place.write([Row(uuid4())])
    position = await place.database.fetchval("SELECT position FROM outbox")
    assert not await quarantine.move(place.database, {position: "a test"}, uuid4())
    assert await place.waiting() == 1
    assert not await place.quarantined()
