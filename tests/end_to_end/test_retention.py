"""Sagas that ended long ago are deleted, where a retention is set."""

from uuid import UUID

from another import another
from infra.launcher.native.stack import Stack
from long_ago import id_of
from shop import PLENTY, Shop
from waiting import eventually

MADE_OLD = """
WITH run AS (
    UPDATE saga_runs SET saga_id = $2, ended_at = ended_at - interval '31 days' WHERE saga_id = $1
    RETURNING saga_id
)
UPDATE saga_history SET saga_id = run.saga_id FROM run WHERE saga_history.saga_id = $1
"""


async def test_a_saga_that_ended_before_its_retention_is_forgotten_and_no_other(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 2), await shop.customer("ada", PLENTY)
    orders = await shop.all_ended([await shop.place(ada, {sku: 1}) for _ in range(2)])
    first, second = [UUID((await shop.saga_ended(order["saga_id"]))["saga_id"]) for order in orders]
    old = id_of(31)
    async with stack.postgres.databases.session("orchestrator") as sql:
        await sql.execute(MADE_OLD, first, old)
        assert len((await shop.saga(str(old)))["history"]) > 0
        async with another(stack, "orchestrator", SAGA_RETENTION_DAYS="30"):
            left = "SELECT count(*) FROM saga_runs FULL JOIN saga_history USING (saga_id) WHERE saga_id = $1"
            await eventually(lambda: sql.fetchval(left, old), until=lambda rows: rows == 0)
    assert (await shop.saga(str(second)))["status"] == "completed"
