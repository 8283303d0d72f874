"""Runs are found by index alone, in the order of their page, however many there are."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from contracts.topology import SHOP
from counterstep.http.paging.pages import Paging
from counterstep.messaging.database.sql import execute_together
from counterstep.orchestration import deadlines, metrics
from counterstep.orchestration import instances as store
from counterstep.orchestration.api.definitions import LEFT
from counterstep.orchestration.api.queries import Filters
from counterstep.orchestration.model import InstanceRow
from counterstep.orchestration.retention import delete_ended
from counterstep.orchestration.stuck import StuckInstances
from counterstep.saga.attempt import Attempt
from counterstep.saga.instance import Status
from counterstep.saga.registry import Registry
from infra.components.postgres.databases import SUPERUSER, SUPERUSER_SECRET
from infra.launcher.native.stack import Stack
from long_ago import id_of
from orchestrator.sagas import SAGAS
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Tables of this connection alone, made like the real ones; they take the real ones' place in every statement.
GENERATED = (
    "CREATE TEMPORARY TABLE saga_runs (LIKE public.saga_runs INCLUDING ALL)",
    """
    INSERT INTO saga_runs
        (saga_id, saga, version, key, start, steps, replies, code, status, revision, started_at, ended_at)
    SELECT gen_random_uuid(), CASE WHEN n % 10 = 0 THEN 'refund' ELSE 'place_order' END, 1, n::text, '',
           '{}', '{}',
           CASE WHEN n % 1000 = 1 THEN 'unknown_account' WHEN n % 10 = 2 THEN 'insufficient_funds' END,
           CASE WHEN n % 1000 = 0 THEN 'needs_attention' WHEN n % 100 = 10 THEN 'running' ELSE 'completed' END,
           1, now(), CASE WHEN n % 1000 = 0 OR n % 100 = 10 THEN NULL ELSE now() END
    FROM generate_series(1, 200000) AS n
    """,
    "CREATE TEMPORARY TABLE deadlines (LIKE public.deadlines INCLUDING ALL)",
    """
    INSERT INTO deadlines (saga_id, step, direction, attempt, due_at)
    SELECT saga_id, 'reserve_stock', 'forward', 1, now() + (key::int - 100) * interval '1 second'
    FROM saga_runs
    """,
    "CREATE TEMPORARY TABLE saga_history (LIKE public.saga_history INCLUDING ALL)",
    "ANALYZE saga_runs, deadlines, saga_history",
)

LONG_AGO = """
WITH run AS (
    INSERT INTO saga_runs
        (saga_id, saga, version, key, start, steps, replies, status, revision, started_at, ended_at)
    VALUES ($1::uuid, 'refund', 1, $2::text, '', '{}', '{}', 'completed', 1, now(), now() - $3::interval)
    RETURNING saga_id
)
INSERT INTO saga_history (saga_id, at, step, direction, attempt, event)
SELECT saga_id, now(), 'reserve_stock', 'forward', 1, 'asked' FROM run
RETURNING 1
"""

FILTERS: dict[str, dict[str, Any]] = {
    "none": {},
    "a rare status": {"status": Status.NEEDS_ATTENTION},
    "a common status": {"status": Status.COMPLETED},
    "saga": {"saga": "refund"},
    "key": {"key": "4711"},
    "a rare code": {"code": "unknown_account"},
    "a common code": {"code": "insufficient_funds"},
    "saga and status": {"saga": "refund", "status": Status.RUNNING},
    "began after": {"started_after": datetime(2026, 1, 1, tzinfo=UTC)},
    "began before, in a rare status": {
        "started_before": datetime(2026, 1, 1, tzinfo=UTC),
        "status": Status.NEEDS_ATTENTION,
    },
}


class Planned(AsyncSession):
    """A session that shows the query plan of its last statement."""

    last: tuple[str, Any]

    async def sql(self, statement: str, *arguments: Any) -> Sequence[Any]:
        connection = await self.connection()
        return (await connection.exec_driver_sql(statement, arguments)).all()

    async def plan(self) -> str:
        statement, arguments = self.last
        connection = await self.connection()
        return "\n".join(row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {statement}", arguments))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(stack: Stack) -> AsyncIterator[Planned]:
    """A session that sees generated instances instead of the real ones."""
    # The superuser's, because the service itself may make no temporary tables.
    url = make_url(stack.database_url("orchestrator")).set(
        drivername="postgresql+asyncpg", username=SUPERUSER, password=stack.home.secret(SUPERUSER_SECRET)
    )
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        for statement in GENERATED:
            await connection.exec_driver_sql(statement)
        session = Planned(connection)

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def remember(_: Any, __: Any, statement: str, arguments: Any, *___: Any) -> None:
            session.last = statement, arguments

        yield session
    await engine.dispose()


def assert_by_index(plan: str) -> None:
    assert "Index" in plan, plan
    assert "Seq Scan on saga_runs" not in plan, plan
    assert "Seq Scan on deadlines" not in plan, plan


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
async def test_a_page_is_read_by_index_and_needs_no_sorting(session: Planned, wanted: dict[str, Any]) -> None:
    page, cursor = await Paging(limit=100).rows(session, InstanceRow, *Filters(**wanted).conditions)
    plans = [await session.plan()]
    assert all(earlier.saga_id > later.saga_id for earlier, later in pairwise(page))
    if cursor:
        await Paging(limit=100, cursor=cursor).rows(session, InstanceRow, *Filters(**wanted).conditions)
        plans.append(await session.plan())
    for plan in plans:
        assert_by_index(plan)
        assert "Sort" not in plan, plan


async def test_instances_are_found_by_their_ids_by_index(session: Planned) -> None:
    page, _ = await Paging(limit=25).rows(session, InstanceRow)
    wanted = tuple(run.saga_id for run in page)
    found, _ = await Paging(limit=25).rows(session, InstanceRow, *Filters(id=wanted).conditions)
    assert [run.saga_id for run in found] == list(wanted)
    assert_by_index(await session.plan())


async def test_a_batch_finds_its_instances_and_its_keys_by_index(session: Planned) -> None:
    definitions = store.Definitions(Registry(SAGAS), SHOP.contracts)
    assert not (await store.read(session.sql, definitions, [uuid4()], [("place_order", str(uuid4()))])).loaded
    assert_by_index(await session.plan())


@pytest.mark.parametrize("saga", [None, "refund"])
async def test_a_batch_of_retries_finds_its_instances_by_index(session: Planned, saga: str | None) -> None:
    stuck = StuckInstances(Status.NEEDS_ATTENTION, saga, Registry(SAGAS))
    await stuck.take(session.sql, limit=100)
    assert_by_index(await session.plan())


async def test_the_instances_left_of_each_definition_are_counted_by_index(session: Planned) -> None:
    await session.exec(LEFT)
    assert_by_index(await session.plan())


async def test_the_instances_that_have_not_ended_are_measured_by_index(session: Planned) -> None:
    running, _ = await metrics.of_unended(Registry(SAGAS), session.sql)
    assert_by_index(await session.plan())
    assert {(each.labels["saga"], each.labels["status"]): each.value for each in running.samples} == {
        **{(saga.name, status): 0 for saga in SAGAS for status in ("running", "compensating", "needs_attention")},
        ("refund", "running"): 2_000,
        ("refund", "needs_attention"): 200,
    }


async def test_what_is_under_way_is_counted_by_index(session: Planned) -> None:
    assert await deadlines.due_soon(session.sql, at_most=50) == 50
    assert_by_index(await session.plan())


async def test_timeouts_that_are_due_are_found_by_index(session: Planned) -> None:
    assert len(await deadlines.take_due(session.sql, Registry(SAGAS), limit=50)) == 50
    assert_by_index(await session.plan())


async def test_deadlines_are_taken_back_by_index(session: Planned) -> None:
    await execute_together(session.sql, [deadlines.clearing({(uuid4(), Attempt("reserve_stock", "forward"))})])
    assert_by_index(await session.plan())


async def test_instances_that_ended_long_ago_are_deleted_with_their_history_by_index(session: Planned) -> None:
    for days in (29, 31, 32):
        await session.sql(LONG_AGO, id_of(days), f"ended {days} days ago", timedelta(days=days))
    await session.sql(LONG_AGO, id_of(40), "not ended", None)
    assert [await delete_ended(session.sql, timedelta(days=30), limit=1) for _ in range(3)] == [1, 1, 0]
    assert_by_index(await session.plan())
    left = await session.sql("SELECT key FROM saga_runs JOIN saga_history USING (saga_id) ORDER BY key")
    assert [key for (key,) in left] == ["ended 29 days ago", "not ended"]
