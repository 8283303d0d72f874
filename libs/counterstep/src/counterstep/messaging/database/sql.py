"""The platform's own statements: few, fixed and set-based, in the same transaction as the domain's rows.

Statements that need not see each other's changes are executed together, in one round trip to the database. So a
batch of messages is read in one round trip, and all that follows from it is written in one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from typing import Any, Final, Protocol

import asyncpg

from counterstep.messaging.database.errors import ConcurrencyConflictError

_PLACEHOLDER: Final = re.compile(
    r"""
    '(?:[^']|'')*'      # a string
    | "(?:[^"]|"")*"    # a quoted name
    | --[^\n]*          # a comment
    | \w+\$[\w$]*       # a name with a dollar sign
    | \$(?P<nth>\d+)    # a placeholder: the only alternative that fills the group
    """,
    re.VERBOSE,
)


class Sql(Protocol):
    """Runs one statement with `$1`-style arguments and gives its rows."""

    async def __call__(self, statement: str, *arguments: Any) -> Sequence[Any]: ...


def _ignore(_: Sequence[Any]) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that gives rows: a `SELECT`, or one that ends in `RETURNING`.

    `then` is called with the rows. It must not raise: where no transaction was begun, the statement is already
    committed. `at_least` is the number of rows that it must give. Fewer rows mean that another transaction has
    written what this one was to write; then everything that is executed together with it is rolled back.
    """

    text: str
    arguments: tuple[Any, ...]
    then: Callable[[Sequence[Any]], None] = _ignore
    at_least: int = 0


async def execute_together(sql: Sql, statements: Sequence[Statement]) -> None:
    """Execute all of them in one round trip, each as if it were alone.

    They become the CTEs of one statement (PostgreSQL, "Data-Modifying Statements in WITH"), so none sees what
    another writes, and no two may write the same row. Raises `ConcurrencyConflictError` where a statement gives
    fewer rows than its `at_least`; nothing is written then.
    """
    if not statements:
        return
    arguments = chain.from_iterable(each.arguments for each in statements)
    required = (each.at_least for each in statements if each.at_least)
    text = _joined(tuple((each.text, each.at_least > 0) for each in statements))
    try:
        (results,) = await sql(text, *arguments, *required)
    except asyncpg.DivisionByZeroError:  # see `_abort_unless`
        raise ConcurrencyConflictError("another transaction has written what this one was to write") from None
    for each, rows in zip(statements, results, strict=True):
        each.then(rows or ())


@cache
def _joined(statements: tuple[tuple[str, bool], ...]) -> str:
    """One statement out of several; each is given with whether the number of its rows is checked.

    Its arguments are those of the first, of the second, and so on, and at last the required numbers of rows. It
    gives one row, with one array of rows for each statement.
    """
    counts = [_placeholders(text) for text, _ in statements]
    *offsets, total = accumulate(counts, initial=0)
    names = [f"w{nth}" for nth in range(len(statements))]
    ctes = [
        f"{name} AS ({_renumbered(text, offset)})"
        for name, (text, _), offset in zip(names, statements, offsets, strict=True)
    ]
    results = [f"(SELECT array_agg({name}) FROM {name})" for name in names]  # noqa: S608 - a name of our own
    checked = [name for name, (_, is_checked) in zip(names, statements, strict=True) if is_checked]
    enough = [f"(SELECT count(*) FROM {name}) >= ${nth}" for nth, name in enumerate(checked, total + 1)]  # noqa: S608 - as above
    where = f" WHERE {_abort_unless(' AND '.join(enough))}" if enough else ""
    return f"WITH {', '.join(ctes)} SELECT {', '.join(results)}{where}"


def _abort_unless(condition: str) -> str:
    """An SQL condition that is true where `condition` is, and otherwise an error, which undoes the statement.

    Only an error undoes a statement that stands alone, and plain SQL has no expression to raise one, except by
    an operation that fails. Here it is a division by zero. A function that raises would have to be created in
    every database. See docs/decisions/0035-what-locks-nothing-is-one-statement.md.
    """
    return f"1 / ({condition})::int = 1"


def _placeholders(statement: str) -> int:
    """How many arguments the statement takes."""
    return max((int(found["nth"]) for found in _PLACEHOLDER.finditer(statement) if found["nth"]), default=0)


def _renumbered(statement: str, offset: int) -> str:
    """The statement with `$1` as `$(1 + offset)`, and so on; text in quotes and comments stays as it is."""
    return _PLACEHOLDER.sub(
        lambda found: f"${int(found['nth']) + offset}" if found["nth"] else found[0], statement
    )
