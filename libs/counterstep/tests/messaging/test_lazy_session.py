"""Which of an author's statements need a transaction: all that may lock or write."""

from collections.abc import Callable
from typing import Any

import pytest
from counterstep.messaging.database.lazy_session import only_reads
from sqlalchemy import func, insert, text, update
from sqlmodel import Field, SQLModel, col, select


class Drawer(SQLModel, table=True):
    sku: str = Field(primary_key=True)
    pieces: int


READS: dict[str, Callable[[], Any]] = {
    "rows": lambda: select(Drawer).where(Drawer.sku == "lamp").order_by(col(Drawer.sku)).limit(3),
    "columns": lambda: select(Drawer.sku, Drawer.pieces),
    "rows that another query names": lambda: select(Drawer).where(col(Drawer.sku).in_(select(Drawer.sku))),
}

MAY_LOCK_OR_WRITE: dict[str, Callable[[], Any]] = {
    "rows changed by the session": lambda: None,
    "an insert": lambda: insert(Drawer).values(sku="lamp", pieces=1),
    "an update": lambda: update(Drawer).values(pieces=1),
    "a lock": lambda: select(Drawer).with_for_update(),
    "a lock inside": lambda: select(select(Drawer).with_for_update().subquery()),
    "a function": lambda: select(func.nextval("numbers")),
    "raw SQL": lambda: text("SELECT 1"),
    "raw SQL inside": lambda: select(Drawer).where(text("pg_advisory_xact_lock(1) IS NULL")),
    "a CTE that writes": lambda: select(update(Drawer).values(pieces=1).returning(col(Drawer.sku)).cte()),
}


@pytest.mark.parametrize("statement", READS.values(), ids=READS)
def test_what_only_reads_begins_no_transaction(statement: Callable[[], Any]) -> None:
    assert only_reads(statement())


@pytest.mark.parametrize("statement", MAY_LOCK_OR_WRITE.values(), ids=MAY_LOCK_OR_WRITE)
def test_what_may_lock_or_write_begins_one(statement: Callable[[], Any]) -> None:
    assert not only_reads(statement())
