"""Ended sagas that never ran: the rows of real ones, copied within the database under new ids.

The copies lie before the originals, a tenth of a second apart, and each table holds them in the order of time, as
if they had come and ended one after the other. What no index holds and no other row names is the original's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Id: TypeAlias = Literal["saga_id", "order_id"]

APART_MS: Final = 100
"""A million sagas lie within 28 hours: the inbox keeps its answers for longer."""


def _uuid7(name: str) -> str:
    """As RFC 9562 has it (section 5.7), the same in every table: milliseconds, then what looks random."""
    return (
        f"(lpad(to_hex($3::bigint - n * {APART_MS}), 12, '0') || '7' || left(md5('{name}' || n), 3)"
        f" || '8' || right(md5('{name}' || n), 15))::uuid AS {name}"
    )


IDS: Final = ", ".join(_uuid7(name) for name in ("saga_id", "order_id"))


@dataclass(frozen=True)
class Table:
    """A table with rows of every saga: the column that finds them, and the columns that a copy changes."""

    name: str
    found_by: Id
    anew: Mapping[str, str]

    def copying(self, columns: list[str]) -> str:
        """$1: how many copies; $2: the ids to find the originals by; $3: when the first of these began."""
        values = ", ".join(self.anew.get(name, f"real.{name}") for name in columns)
        return f"""
INSERT INTO {self.name} ({", ".join(columns)})
SELECT {values}
FROM (SELECT n, {IDS} FROM generate_series($1::int, 1, -1) AS n OFFSET 0) AS made
CROSS JOIN LATERAL (
    SELECT * FROM {self.name} WHERE {self.found_by} = ($2::uuid[])[made.n % cardinality($2::uuid[]) + 1]
    ORDER BY {self.order} OFFSET 0
) AS real
"""  # noqa: S608 - names of our own tables

    @property
    def order(self) -> str:
        return "position" if self.name == "saga_history" else self.found_by


def _earlier(column: str) -> str:
    return f"real.{column} - made.n * interval '{APART_MS} milliseconds'"


SAGA: Final = {"saga_id": "made.saga_id"}
ORDER: Final = {"order_id": "made.order_id"}
KEY: Final = "made.order_id::text"
INBOX: Final = Table("inbox", "saga_id", {**SAGA, "answered_at": _earlier("answered_at")})
INSTANCES: Final = Table(
    "saga_runs",
    "saga_id",
    {
        **SAGA,
        "key": KEY,
        "unique_key": KEY,
        # It says its order's id, which is the key.
        "start": f"convert_to(replace(convert_from(real.start, 'UTF8'), real.key, {KEY}), 'UTF8')",
        "started_at": _earlier("started_at"),
        "ended_at": _earlier("ended_at"),
    },
)
ORDERS: Final = Table("orders", "order_id", {**SAGA, **ORDER, "idempotency_key": f"'made-up-' || {KEY}"})
TABLES: Final[Mapping[str, tuple[Table, ...]]] = {
    "order": (ORDERS, INBOX),
    "inventory": (Table("reservations", "order_id", ORDER), INBOX),
    "payment": (Table("authorizations", "order_id", ORDER), INBOX),
    "orchestrator": (INSTANCES, Table("saga_history", "saga_id", {**SAGA, "at": _earlier("at")})),
}
"""By service. Deadlines are gone when they are due, and the outbox's rows when they are sent."""
