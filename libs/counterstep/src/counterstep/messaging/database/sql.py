"""The platform's own statements: few, fixed and set-based, inside the same transaction as the domain's rows.

Those that need not see what is done beside them are carried out together: one round trip, however many tables. So
a batch is read at once, and what comes of it is written at once.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from typing import Any, Final, Protocol

import asyncpg

from counterstep.messaging.database.errors import ConcurrencyConflictError

_ARGUMENT: Final = re.compile(r"\$(\d+)")


class Sql(Protocol):
    """Run one statement with `$1`-style arguments and give its rows."""

    async def __call__(self, statement: str, *arguments: Any) -> Sequence[Any]: ...


def _nothing(_: Sequence[Any]) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that gives rows: a `SELECT`, or one that ends in `RETURNING`.

    `then` is given them; it may already be too late to undo anything. Where they are not `at_least` so many,
    another transaction has written what this one was to write, and all that is carried out with it is undone.
    """

    text: str
    arguments: tuple[Any, ...]
    then: Callable[[Sequence[Any]], None] = _nothing
    at_least: int = 0


async def execute_together(sql: Sql, statements: Sequence[Statement]) -> None:
    """Carry out all of them at once, each as if it were alone (PostgreSQL, "Data-Modifying Statements in WITH").

    No two may write the same row. Raises `Clash` where one gives fewer rows than it must.
    """
    if not statements:
        return
    arguments = chain.from_iterable(each.arguments for each in statements)
    least = (each.at_least for each in statements if each.at_least)
    text = _together(tuple((each.text, each.at_least > 0) for each in statements))
    try:
        (given,) = await sql(text, *arguments, *least)
    except asyncpg.DivisionByZeroError:
        raise ConcurrencyConflictError("another transaction has written what this one was to write") from None
    for each, rows in zip(statements, given, strict=True):
        each.then(rows or ())


@cache
def _together(statements: tuple[tuple[str, bool], ...]) -> str:
    arguments = [max(map(int, _ARGUMENT.findall(text)), default=0) for text, _ in statements]
    *before, all_of_them = accumulate(arguments, initial=0)
    named = [(f"w{nth}", text, is_checked) for nth, (text, is_checked) in enumerate(statements)]
    parts = [f"{name} AS ({_shifted(text, by)})" for (name, text, _), by in zip(named, before, strict=True)]
    rows = [f"(SELECT array_agg({name}) FROM {name})" for name, *_ in named]  # noqa: S608 - a name of our own
    checked = enumerate((name for name, _, is_checked in named if is_checked), all_of_them + 1)
    enough = [f"(SELECT count(*) FROM {name}) >= ${nth}" for nth, name in checked]  # noqa: S608 - as above
    # Only an error undoes a statement that stands alone, and this one needs no function in the database.
    check = f" WHERE 1 / ({' AND '.join(enough)})::int = 1" if enough else ""
    return f"WITH {', '.join(parts)} SELECT {', '.join(rows)}{check}"


def _shifted(statement: str, by: int) -> str:
    return _ARGUMENT.sub(lambda found: f"${int(found[1]) + by}", statement)
