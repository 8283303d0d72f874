"""The instances of a batch retry: those with a given status that no operator has retried a moment ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from counterstep.messaging.database.sql import Sql
from counterstep.saga.instance import Status
from counterstep.saga.registry import Registry

_REST: Final = timedelta(minutes=1)
"""How long an instance that was retried is left out, so that one batch after another reaches the end."""

_MATCHING: Final = """
FROM saga_runs AS run
WHERE status = $1 AND saga = coalesce($2, saga)
  AND (saga, version) IN (SELECT * FROM unnest($3::text[], $4::int[]))
  AND NOT EXISTS (
    SELECT FROM operator_acts AS done
    WHERE done.saga_id = run.saga_id AND done.act = 'retry' AND done.at > now() - $5::interval
  )
"""

_TAKE: Final = f"SELECT saga_id {_MATCHING} ORDER BY saga_id LIMIT $6 FOR UPDATE OF run SKIP LOCKED"
_COUNT: Final = f"SELECT count(*) {_MATCHING}"


@dataclass(frozen=True, slots=True)
class StuckInstances:
    """Instances with this status, of one saga or of all."""

    status: Status
    saga: str | None
    sagas: Registry

    async def take(self, sql: Sql, *, limit: int) -> Sequence[UUID]:
        """Lock the oldest ones; instances that another transaction has locked are skipped."""
        return [row[0] for row in await sql(_TAKE, *self._arguments(), limit)]

    async def left(self, sql: Sql) -> int:
        """How many there are at this moment."""
        count: int = (await sql(_COUNT, *self._arguments()))[0][0]
        return count

    def _arguments(self) -> tuple[Any, ...]:
        names, versions = zip(*self.sagas.versions, strict=True)
        return self.status, self.saga, names, versions, _REST
