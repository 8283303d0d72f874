"""A database of a release whose sagas were not unique, with two sagas for one key, becomes one of today."""

from dataclasses import replace
from typing import cast

import asyncpg
import pytest
from alembic import op
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.wire import envelope as envelopes
from counterstep.messaging.wire.errors import SecondStartError
from counterstep.migrations import create_instances, extend_instances
from counterstep.orchestration import instances
from counterstep.orchestration.unit_of_work import UnitOfWork
from infra.launcher.native.stack import Stack
from long_ago import id_of
from platform_tables import database_beside
from travel.sagas import BOOK_TRIP, WANTED
from uuid_utils.compat import uuid7

from safeguards.sagas import DEFINITIONS, save

FIRST, SECOND = id_of(2), id_of(1)
BEFORE = "ALTER TABLE saga_runs DROP COLUMN unique_key, DROP COLUMN ignored"
"""Takes the index away, too."""

ROW = """
INSERT INTO saga_runs (saga_id, saga, version, key, start_type, start, steps, replies, status, revision,
                       started_at)
VALUES ('{}', 'book_trip', 1, 'rome', 'trip.trip_wanted.v1', '{}', '{{}}', '{{}}', 'running', 1, now())
"""


def two_sagas_for_one_key() -> None:
    op.execute(BEFORE)
    for saga_id in (FIRST, SECOND):
        op.execute(ROW.format(saga_id, WANTED.model_dump_json().replace(":", r"\:")))


async def test_two_sagas_for_one_key_are_kept_and_go_on_and_no_third_one_begins(stack: Stack) -> None:
    steps = (create_instances, two_sagas_for_one_key, extend_instances)
    async with database_beside(stack, "extending", steps) as url:
        connection = await asyncpg.connect(url)
        sql = cast(Sql, connection.fetch)
        unique, key = replace(BOOK_TRIP, unique=True), ("book_trip", "rome")
        found = await instances.read(sql, DEFINITIONS, [FIRST, SECOND], [key])
        assert (set(found.loaded), found.by_key) == ({FIRST, SECOND}, {key: FIRST})
        for each in found.loaded.values():
            each.saga = unique
        await save(sql, *found.loaded.values())
        work = await UnitOfWork.read(sql, DEFINITIONS, [third := uuid7()], [key])
        start = envelopes.event(WANTED, saga_id=third, traceparent=None)
        with pytest.raises(SecondStartError, match=f"book_trip rome is saga {FIRST} already"):
            work.begin(unique, WANTED, Received(start, "orchestrator.events"))
        await connection.close()
