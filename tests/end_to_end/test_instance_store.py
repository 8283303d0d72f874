"""An instance that was saved is loaded unchanged."""

from collections.abc import AsyncIterator, Callable, Sequence
from operator import attrgetter
from typing import TypeAlias, cast
from uuid import uuid4

import asyncpg
import pytest
from contracts.money import Money
from contracts.order import OrderPlaced
from contracts.past.order import OrderPlaced as FirstOrderPlaced
from contracts.payment import PaymentAuthorized
from contracts.topology import SHOP
from counterstep.messaging.database.errors import ConcurrencyConflictError, is_conflict
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.orchestration import history
from counterstep.orchestration import instances as store
from counterstep.orchestration.instances import LoadedInstance, RawMessage
from counterstep.protocol.messages import Reply
from counterstep.protocol.naming import type_name
from counterstep.saga.attempt import Attempt
from counterstep.saga.engine import advance, begin
from counterstep.saga.registry import Registry
from counterstep.saga.transition import Cancelled, HistoryEntry, HistoryEvent, Input, Refused, Succeeded, TimedOut
from infra.launcher.native.stack import Stack
from orchestrator.sagas import SAGAS
from orchestrator.sagas.place_order import PLACE_ORDER

PLACED = OrderPlaced(order_id=uuid4(), customer_id="ada", lines=(), total=Money(amount=1), needs_review=False)
RAW_START = RawMessage(type_name(OrderPlaced), PLACED.model_dump_json().encode())

DEFINITIONS = store.Definitions(Registry(SAGAS), SHOP.contracts)

MakeInput: TypeAlias = Callable[[Attempt], Input]


def refused(attempt: Attempt) -> Input:
    return Refused(attempt, "no")


def cancelled(_: Attempt) -> Input:
    return Cancelled("changed my mind")


INPUTS: dict[str, Sequence[MakeInput]] = {
    "begun": [],
    "one step further": [Succeeded],
    "refused": [Succeeded, refused],
    "in doubt": [TimedOut],
    "cancelled": [cancelled],
    "completed": [Succeeded] * 5,
    "compensated": [refused, Succeeded, Succeeded, Succeeded],
}


@pytest.fixture
async def statements(stack: Stack) -> AsyncIterator[Sql]:
    """Statements inside a transaction that is rolled back."""
    connection = await asyncpg.connect(stack.database_url("orchestrator"))
    await connection.execute("BEGIN")
    yield cast(Sql, connection.fetch)
    await connection.close()


async def save(statements: Sql, instance: LoadedInstance) -> None:
    await execute_together(statements, [store.saving([instance], lambda *_: None, {})])


def an_instance(inputs: Sequence[MakeInput]) -> LoadedInstance:
    transition = begin(PLACE_ORDER, skipped=PLACE_ORDER.skipped(PLACED))
    for make_input in inputs:
        pending = min(transition.instance.pending, key=attrgetter("step"))
        transition = advance(PLACE_ORDER, transition.instance, make_input(pending))
    replies: dict[str, Reply] = {"authorize_payment": PaymentAuthorized(authorization_id=uuid4())}
    parent = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
    return LoadedInstance(uuid4(), PLACE_ORDER, RAW_START, PLACED, parent, transition.instance, replies)


@pytest.mark.parametrize("inputs", INPUTS.values(), ids=INPUTS)
async def test_an_instance_is_loaded_as_it_was_saved_the_first_time_in_any_state(
    statements: Sql, inputs: Sequence[MakeInput]
) -> None:
    saved = an_instance(inputs)
    await save(statements, saved)
    saved.revision = 1
    assert await store.lock(statements, DEFINITIONS, [saved.saga_id]) == {saved.saga_id: saved}


@pytest.mark.parametrize("inputs", INPUTS.values(), ids=INPUTS)
async def test_an_instance_is_loaded_as_it_was_saved_the_second_time(
    statements: Sql, inputs: Sequence[MakeInput]
) -> None:
    before, now = an_instance([]), an_instance(inputs)
    await save(statements, before)
    now.saga_id, now.revision = before.saga_id, 1
    await save(statements, now)
    now.revision = 2
    assert await store.lock(statements, DEFINITIONS, [now.saga_id]) == {now.saga_id: now}


async def test_an_instance_begun_by_the_previous_release_is_loaded_by_this_one(statements: Sql) -> None:
    first = FirstOrderPlaced(**PLACED.model_dump(exclude={"needs_review"}))
    saved = an_instance([])
    saved.raw_start = RawMessage(type_name(FirstOrderPlaced), first.model_dump_json().encode())
    await save(statements, saved)
    await statements("UPDATE saga_runs SET start_type = DEFAULT WHERE saga_id = $1 RETURNING 1", saved.saga_id)
    loaded = (await store.lock(statements, DEFINITIONS, [saved.saga_id]))[saved.saga_id]
    assert (loaded.raw_start, loaded.start) == (saved.raw_start, PLACED)


@pytest.mark.parametrize("revision", [0, 7], ids=["begun", "transition"])
async def test_an_instance_that_another_process_has_changed_is_not_overwritten(
    statements: Sql, revision: int
) -> None:
    saved = an_instance([])
    await save(statements, saved)
    saved.revision = revision
    with pytest.raises(ConcurrencyConflictError):
        await save(statements, saved)


async def test_what_was_ignored_is_counted_whether_the_instance_has_changed_or_not(statements: Sql) -> None:
    saved = an_instance([])
    await execute_together(statements, [store.saving([saved], lambda *_: None, {saved.saga_id: 2})])
    await execute_together(statements, [store.counting_ignored({saved.saga_id: 3})])
    saved.revision = 1
    await execute_together(statements, [store.saving([saved], lambda *_: None, {saved.saga_id: 4})])
    [loaded] = (await store.read(statements, DEFINITIONS, [saved.saga_id])).loaded.values()
    assert (loaded.ignored, loaded.revision) == (9, 2)


async def test_an_instance_is_found_by_its_key(statements: Sql) -> None:
    saved, key = an_instance([]), ("place_order", str(PLACED.order_id))
    await save(statements, saved)
    assert set((await store.read(statements, DEFINITIONS, [], [key])).loaded) == {saved.saga_id}
    others = [("place_order", str(uuid4())), ("other", key[1])]
    assert not (await store.read(statements, DEFINITIONS, [], others)).loaded


async def test_of_two_transactions_that_begin_an_instance_of_one_key_one_is_run_again(statements: Sql) -> None:
    await save(statements, an_instance([]))
    with pytest.raises(asyncpg.UniqueViolationError) as raised:
        await save(statements, an_instance([]))
    assert is_conflict(raised.value)


async def test_a_history_is_read_page_by_page(statements: Sql) -> None:
    saga_id, attempts = uuid4(), [Attempt("reserve_stock", "forward", number) for number in range(1, 6)]
    entries = [history.NewEntry(saga_id, HistoryEntry(HistoryEvent.SENT, each), uuid4()) for each in attempts]
    await execute_together(statements, [history.appending(entries)])
    first, second = await history.page(statements, saga_id, limit=2)
    assert second is not None
    rest, end = await history.page(statements, saga_id, after=second, limit=3)
    assert [each.entry.attempt for each in (*first, *rest)] == attempts
    assert end is None
