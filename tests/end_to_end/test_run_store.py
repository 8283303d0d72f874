"""What the orchestrator saves of a run is what it reads again."""

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
from counterstep.messaging.database.errors import ConcurrencyConflictError
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.orchestration import instances as store
from counterstep.orchestration.instances import LoadedInstance, RawMessage
from counterstep.protocol.messages import Reply
from counterstep.protocol.naming import type_name
from counterstep.saga.attempt import Attempt
from counterstep.saga.engine import advance, begin
from counterstep.saga.registry import Registry
from counterstep.saga.transition import Cancelled, Input, Refused, Succeeded, TimedOut
from infra.launcher.native.stack import Stack
from orchestrator.sagas import SAGAS
from orchestrator.sagas.place_order import PLACE_ORDER

PLACED = OrderPlaced(order_id=uuid4(), customer_id="ada", lines=(), total=Money(amount=1), needs_review=False)
RAW_START = RawMessage(type_name(OrderPlaced), PLACED.model_dump_json().encode())

DEFINITIONS = store.Definitions(Registry(SAGAS), SHOP.contracts)

Hears: TypeAlias = Callable[[Attempt], Input]


def refused(ask: Attempt) -> Input:
    return Refused(ask, "no")


def called_back(_: Attempt) -> Input:
    return Cancelled("changed my mind")


HEARD: dict[str, Sequence[Hears]] = {
    "begun": [],
    "one step further": [Succeeded],
    "refused": [Succeeded, refused],
    "in doubt": [TimedOut],
    "called back": [called_back],
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


async def save(statements: Sql, run: LoadedInstance) -> None:
    await execute_together(statements, [store.saving([run], lambda *_: None)])


def a_run(heard: Sequence[Hears]) -> LoadedInstance:
    transition = begin(PLACE_ORDER, skipped=PLACE_ORDER.skipped(PLACED))
    for hears in heard:
        pending = min(transition.instance.pending, key=attrgetter("step"))
        transition = advance(PLACE_ORDER, transition.instance, hears(pending))
    replies: dict[str, Reply] = {"authorize_payment": PaymentAuthorized(authorization_id=uuid4())}
    parent = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
    return LoadedInstance(uuid4(), PLACE_ORDER, RAW_START, PLACED, parent, transition.instance, replies)


@pytest.mark.parametrize("heard", HEARD.values(), ids=HEARD)
async def test_a_run_is_read_as_it_was_saved_whatever_it_heard_before_it_was_first_saved(
    statements: Sql, heard: Sequence[Hears]
) -> None:
    run = a_run(heard)
    await save(statements, run)
    run.revision = 1
    assert await store.lock(statements, DEFINITIONS, [run.saga_id]) == {run.saga_id: run}


@pytest.mark.parametrize("heard", HEARD.values(), ids=HEARD)
async def test_a_run_is_read_as_it_was_saved_the_second_time(statements: Sql, heard: Sequence[Hears]) -> None:
    before, now = a_run([]), a_run(heard)
    await save(statements, before)
    now.saga_id, now.revision = before.saga_id, 1
    await save(statements, now)
    now.revision = 2
    assert await store.lock(statements, DEFINITIONS, [now.saga_id]) == {now.saga_id: now}


async def test_a_run_that_the_release_before_began_is_read_by_this_one(statements: Sql) -> None:
    first = FirstOrderPlaced(**PLACED.model_dump(exclude={"needs_review"}))
    run = a_run([])
    run.raw_start = RawMessage(type_name(FirstOrderPlaced), first.model_dump_json().encode())
    await save(statements, run)
    await statements("UPDATE saga_runs SET start_type = DEFAULT WHERE saga_id = $1 RETURNING 1", run.saga_id)
    loaded = (await store.lock(statements, DEFINITIONS, [run.saga_id]))[run.saga_id]
    assert (loaded.raw_start, loaded.start) == (run.raw_start, PLACED)


@pytest.mark.parametrize("revision", [0, 7], ids=["begun", "transition"])
async def test_a_run_that_another_has_begun_or_advanced_is_not_overwritten(statements: Sql, revision: int) -> None:
    run = a_run([])
    await save(statements, run)
    run.revision = revision
    with pytest.raises(ConcurrencyConflictError):
        await save(statements, run)
