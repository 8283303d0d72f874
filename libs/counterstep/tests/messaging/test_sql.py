"""The platform's writes of a transaction are one statement, and each part gets its own rows back."""

from collections.abc import Sequence
from typing import Any

import pytest
from counterstep.messaging.database.sql import Statement, execute_together


class Recorder:
    """A wire that records the statements sent, and answers each with one row."""

    def __init__(self, *row: Any) -> None:
        self.sent: list[tuple[str, tuple[Any, ...]]] = []
        self._row = row

    async def __call__(self, statement: str, *arguments: Any) -> Sequence[Any]:
        self.sent.append((statement, arguments))
        return [self._row]


async def test_writes_go_together_and_their_arguments_are_numbered_through() -> None:
    wire = Recorder(None, None)
    await execute_together(wire, [Statement("INSERT a $1 $2 $1", ("x", "y")), Statement("INSERT b $1", ("z",))])
    ((statement, arguments),) = wire.sent
    assert statement.startswith("WITH w0 AS (INSERT a $1 $2 $1), w1 AS (INSERT b $3) SELECT ")
    assert arguments == ("x", "y", "z")


async def test_each_statement_receives_its_own_rows_also_where_there_are_none() -> None:
    received: list[Any] = []
    await execute_together(
        Recorder([(1,)], None), [Statement("a", (), received.append), Statement("b", (), received.append)]
    )
    assert received == [[(1,)], ()]


async def test_the_number_of_rows_a_statement_must_give_is_checked_last() -> None:
    wire = Recorder(None, None)
    await execute_together(wire, [Statement("INSERT a $1", ("x",)), Statement("UPDATE b $1", ("y",), at_least=2)])
    ((statement, arguments),) = wire.sent
    assert statement.endswith(" WHERE 1 / ((SELECT count(*) FROM w1) >= $3)::int = 1")
    assert arguments == ("x", "y", 2)


@pytest.mark.parametrize(
    "text",
    ["'$1'", "'it''s $1'", '"$1"', "a$1", "-- not $1\n"],
    ids=["string", "quote", "name", "dollar", "comment"],
)
async def test_what_only_looks_like_an_argument_keeps_its_number(text: str) -> None:
    wire = Recorder(None, None)
    statement = f"INSERT {text} $1"
    await execute_together(wire, [Statement("INSERT $1 $2", ("x", "y")), Statement(statement, ("z",))])
    ((joined, arguments),) = wire.sent
    assert f"w1 AS (INSERT {text} $3)" in joined
    assert arguments == ("x", "y", "z")


async def test_no_statement_means_no_round_trip() -> None:
    wire = Recorder()
    await execute_together(wire, [])
    assert not wire.sent
