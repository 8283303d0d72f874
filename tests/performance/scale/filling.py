"""Putting made-up sagas into a stack's stores."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from infra.launcher.native.stack import Stack
from infra.machine.user_error import UserError

from performance.scale.made_up import TABLES, Id, Table

MOST_ORIGINALS: Final = 200
ORIGINALS: Final = """
SELECT saga_id, key::uuid AS order_id FROM saga_runs WHERE saga = 'place_order' AND ended_at IS NOT NULL
ORDER BY saga_id DESC LIMIT $1
"""
# A generated position is the next one, also of a copy.
COLUMNS: Final = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_identity = 'NO' ORDER BY ordinal_position
"""


@dataclass(frozen=True)
class Originals:
    """Sagas that really ran and ended, the oldest first."""

    ids: dict[Id, list[UUID]]

    @property
    def milliseconds(self) -> int:
        """When the first of them began, which its uuid7 says."""
        return self.ids["saga_id"][0].int >> 80


async def fill(stack: Stack, count: int, most: int = MOST_ORIGINALS) -> None:
    """Add this many ended sagas, copied from the last that ended, `most` at most. Raises UserError if none has."""
    originals = await _originals(stack, most)
    async with asyncio.TaskGroup() as group:
        for service in TABLES:
            group.create_task(_fill(stack, service, originals, count))
    async with stack.postgres.databases.session("postgres") as sql:
        await sql.execute("CHECKPOINT")


async def _originals(stack: Stack, most: int) -> Originals:
    async with stack.postgres.databases.session("orchestrator") as sql:
        found = await sql.fetch(ORIGINALS, most)
    if not found:
        raise UserError("orchestrator", "no saga has ended, so there is none to copy; place an order first")
    return Originals({name: [row[name] for row in reversed(found)] for name in ("saga_id", "order_id")})


async def _fill(stack: Stack, service: str, originals: Originals, count: int) -> None:
    for table in TABLES[service]:
        await _copy(stack, service, table, originals, count)


async def _copy(stack: Stack, service: str, table: Table, originals: Originals, count: int) -> None:
    async with stack.postgres.databases.session(service) as sql:
        columns = [row["column_name"] for row in await sql.fetch(COLUMNS, table.name)]
        given = (count, originals.ids[table.found_by], originals.milliseconds)
        # A sequential scan for each copy would go through all copies before it.
        await sql.execute("SET enable_seqscan = off; SET jit = off")
        await sql.execute(table.copying(columns), *given)
        # What autovacuum would do while it is measured is done by then.
        await sql.execute(f"VACUUM (ANALYZE) {table.name}")
