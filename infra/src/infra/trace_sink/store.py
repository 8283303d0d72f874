"""Spans in an SQLite file of bounded size: the oldest traces make room for new ones.

The columns beside `message` are only there to be searched by.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

from infra.trace_sink.query import TraceQuery, can_only_be_text, has_attributes
from infra.trace_sink.span import Origin, Span

VERSION = 1  # of the schema; a file with another one, or far too large, is emptied: traces need no migration
ANEW = f"""
DROP TABLE IF EXISTS spans;
DROP TABLE IF EXISTS origins;
VACUUM;
PRAGMA user_version = {VERSION};
"""
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA journal_size_limit = 16777216;
CREATE TABLE IF NOT EXISTS origins (id INTEGER PRIMARY KEY, message BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS spans (
    id INTEGER PRIMARY KEY,  -- in the order in which they came
    trace_id BLOB NOT NULL, span_id BLOB NOT NULL, parent_id BLOB NOT NULL,
    origin INTEGER NOT NULL REFERENCES origins,
    service TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    started INTEGER NOT NULL, duration INTEGER NOT NULL, failed INTEGER NOT NULL,
    message BLOB NOT NULL,
    UNIQUE (trace_id, span_id)
);
CREATE INDEX IF NOT EXISTS spans_started ON spans (started, trace_id);
CREATE INDEX IF NOT EXISTS spans_operations ON spans (service, name, kind);
"""
LATEST = 2**63 - 1  # SQLite's largest number; OTLP's times are unsigned
FAILED = "error"
ROOM = 20  # this fraction is freed at once, so that it is seldom done


class Store:
    """One connection to the file. Every method blocks, and raises sqlite3.Error where the file fails it."""

    def __init__(self, file: Path, most_spans: int, most_bytes: int) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._most_spans = most_spans
        self._most_bytes = most_bytes
        self._database = sqlite3.connect(file, timeout=30, check_same_thread=False)
        if self._one("PRAGMA user_version") != VERSION or file.stat().st_size > 2 * most_bytes:
            self._database.executescript(ANEW)
        self._database.executescript(SCHEMA)
        self._spans = self._one("SELECT count(*) FROM spans")
        self._origins: dict[bytes, int] = {}

    def close(self) -> None:
        self._database.close()

    def add(self, spans: Iterable[Span]) -> None:
        """Keep them, in one transaction; a span that is there already stays as it was."""
        try:
            with self._database:
                kept = self._spans + self._insert(map(self._row, spans))
                while kept and (kept > self._most_spans or self._used_bytes() > self._most_bytes):
                    kept -= self._drop_oldest(max(kept - self._most_spans, 0) + max(kept // ROOM, 1))
        except sqlite3.Error:
            self._origins.clear()  # some of them were taken back
            raise
        self._spans = kept

    def services(self) -> list[str]:
        return [name for (name,) in self._all("SELECT DISTINCT service FROM spans ORDER BY service")]

    def operations(self, service: str, kind: str = "") -> list[tuple[str, str]]:
        """The names and kinds of a service's spans; of one kind, or of every."""
        return self._all(
            "SELECT DISTINCT name, kind FROM spans WHERE service = ? AND ? IN ('', kind) ORDER BY name, kind",
            service,
            kind,
        )

    def trace(self, trace_id: str) -> list[Span]:
        """All spans of a trace in the order of their start; none where it is not there."""
        found = self._all(
            "SELECT spans.message, origins.message FROM spans JOIN origins ON origins.id = origin"
            " WHERE trace_id = ? ORDER BY started, spans.id",
            bytes.fromhex(trace_id),
        )
        return [_span(*row) for row in found]

    def find(self, query: TraceQuery) -> list[list[Span]]:
        """Whole traces, the newest first."""
        attributes = {name: text for name, text in query.attributes.items() if name != FAILED}

        def matches(message: bytes, origin: bytes) -> bool:
            return has_attributes(_span(message, origin), attributes)

        self._database.create_function("has_attributes", 2, matches)
        conditions = list(_conditions(query))
        statement = (
            "SELECT hex(trace_id) FROM spans JOIN origins ON origins.id = origin"  # noqa: S608 - values are bound
            f" WHERE {' AND '.join(sql for sql, _ in conditions)}"
            " GROUP BY trace_id ORDER BY max(started) DESC LIMIT ?"
        )
        found = self._all(statement, *(value for _, bound in conditions for value in bound), query.limit)
        return [self.trace(trace_id) for (trace_id,) in found]

    def dependencies(self, earliest: int, latest: int) -> list[tuple[str, str, int]]:
        """Which service called which, and how often: a span whose parent is another service's is a call."""
        return self._all(
            "SELECT parent.service, child.service, count(*) FROM spans child JOIN spans parent"
            " ON parent.trace_id = child.trace_id AND parent.span_id = child.parent_id"
            " WHERE child.started BETWEEN ? AND ? AND parent.service <> child.service GROUP BY 1, 2 ORDER BY 1, 2",
            earliest,
            latest,
        )

    def _row(self, span: Span) -> tuple[Any, ...]:
        message = span.message
        return (
            message.trace_id,
            message.span_id,
            message.parent_span_id,
            self._origin(span.origin),
            span.service,
            span.name,
            span.kind,
            min(span.start, LATEST),
            min(span.duration, LATEST),
            span.failed,
            message.SerializeToString(),
        )

    def _origin(self, origin: Origin) -> int:
        message = origin.serialized
        if message not in self._origins:
            self._database.execute("INSERT INTO origins (message) VALUES (?) ON CONFLICT DO NOTHING", (message,))
            self._origins[message] = self._one("SELECT id FROM origins WHERE message = ?", message)
        return self._origins[message]

    def _insert(self, rows: Iterable[tuple[Any, ...]]) -> int:
        return self._database.executemany(
            "INSERT INTO spans"
            " (trace_id, span_id, parent_id, origin, service, name, kind, started, duration, failed, message)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            rows,
        ).rowcount

    def _drop_oldest(self, spans: int) -> int:
        """Drop the traces of the oldest spans, each as a whole; gives how many spans went."""
        removed = self._database.execute(
            "DELETE FROM spans WHERE trace_id IN (SELECT trace_id FROM spans ORDER BY id LIMIT ?)", (spans,)
        ).rowcount
        self._database.execute("DELETE FROM origins WHERE id NOT IN (SELECT origin FROM spans)")
        self._origins.clear()
        return removed

    def _used_bytes(self) -> int:
        """Of the file, without the pages that are free for what comes next."""
        pages, free, size = map(self._one, ("PRAGMA page_count", "PRAGMA freelist_count", "PRAGMA page_size"))
        return int((pages - free) * size)

    def _all(self, statement: str, *bound: object) -> list[Any]:
        with closing(self._database.execute(statement, bound)) as rows:
            return rows.fetchall()

    def _one(self, statement: str, *bound: object) -> Any:
        return self._all(statement, *bound)[0][0]


def _span(message: bytes, origin: bytes) -> Span:
    return Span(SpanMessage.FromString(message), Origin(ResourceSpans.FromString(origin)))


def _conditions(query: TraceQuery) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield "started BETWEEN ? AND ?", (query.earliest, query.latest)
    if query.service:
        yield "service = ?", (query.service,)
    if query.operation:
        yield "name = ?", (query.operation,)
    if query.shortest is not None:
        yield "duration >= ?", (query.shortest,)
    if query.longest is not None:
        yield "duration <= ?", (query.longest,)
    attributes = dict(query.attributes)
    if failed := attributes.pop(FAILED, None):
        yield "failed = ?", (failed == "true",)
    for text in (*attributes, *filter(can_only_be_text, attributes.values())):
        yield "(instr(spans.message, ?) OR instr(origins.message, ?))", (text.encode(), text.encode())
    if attributes:  # the last, as it costs the most
        yield "has_attributes(spans.message, origins.message)", ()
