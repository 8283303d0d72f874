"""PostgreSQL alone: as many commits and rows, by asyncpg, with nothing in between."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import psutil
from infra.launcher.native.stack import Stack

from performance.meters import cpu_seconds
from performance.results import Floor

AT_ONCE: Final = 8
DATABASE: Final = "floor"
TABLE: Final = "CREATE TABLE floor (id uuid PRIMARY KEY, version int NOT NULL, body text NOT NULL)"
INSERT: Final = "INSERT INTO floor SELECT id, 0, $2 FROM unnest($1::uuid[]) AS id"
UPDATE: Final = "UPDATE floor SET version = version + 1 WHERE id = ANY($1)"
DELETE: Final = "DELETE FROM floor WHERE id = ANY($1)"


@dataclass(frozen=True)
class Work:
    """What a saga takes of the databases, and how long a row is, in bytes."""

    commits: float
    inserted: float
    updated: float
    deleted: float
    length: int

    def __str__(self) -> str:
        rows = f"{self.inserted:.1f} rows inserted, {self.updated:.1f} updated, {self.deleted:.1f} deleted"
        return f"{self.commits:.1f} commits with {rows}, of {self.length:,} bytes"


async def floor(stack: Stack, work: Work, *, seconds: float) -> Floor:
    """Commit for `seconds`, over this many connections."""
    server = stack.pid(stack.postgres.name)
    async with stack.postgres.databases.session("postgres") as sql:
        await sql.execute(f"CREATE DATABASE {DATABASE}")
        try:
            async with stack.postgres.databases.session(DATABASE) as inside:
                await inside.execute(TABLE)
            before, own, begun = cpu_seconds(server), cpu_seconds(psutil.Process().pid), time.monotonic()
            counts = await asyncio.gather(*(_commit(stack, work, until=begun + seconds) for _ in range(AT_ONCE)))
            took = time.monotonic() - begun
            sagas = sum(counts) / work.commits
            cpu = {
                stack.postgres.name: 1000 * (cpu_seconds(server) - before) / sagas,
                "client": 1000 * (cpu_seconds(psutil.Process().pid) - own) / sagas,
            }
        finally:
            await sql.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    return Floor(name="PostgreSQL alone", sagas_per_second=sagas / took, cpu_ms=cpu, what=str(work))


async def _commit(stack: Stack, work: Work, *, until: float) -> int:
    """Commit until then over one connection; return how often."""
    inserted, updated, deleted = (
        shares(rows / work.commits) for rows in (work.inserted, work.updated, work.deleted)
    )
    body, there, commits = "x" * work.length, deque[UUID](), 0
    async with stack.postgres.databases.session(DATABASE) as sql:
        while time.monotonic() < until:
            there.extend(new := [uuid4() for _ in range(next(inserted))])
            changed = [there[place] for place in range(min(next(updated), len(there)))]
            gone = [there.popleft() for _ in range(min(next(deleted), len(there)))]
            await _change(sql, {INSERT: (new, body), UPDATE: (changed,), DELETE: (gone,)})
            commits += 1
    return commits


async def _change(sql: asyncpg.Connection, statements: dict[str, tuple[object, ...]]) -> None:
    async with sql.transaction():
        for statement, values in statements.items():
            if values[0]:
                await sql.execute(statement, *values)


def shares(each: float) -> Iterator[int]:
    """Whole numbers whose mean is this, as evenly as can be."""
    given, due = 0, 0.0
    while True:
        due += each
        yield int(due) - given
        given = int(due)
