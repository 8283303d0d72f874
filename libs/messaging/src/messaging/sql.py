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

_ARGUMENT: Final = re.compile(r"\$(\d+)")


class Sql(Protocol):
    """Run one statement with `$1`-style arguments and give its rows."""

    async def __call__(self, statement: str, *arguments: Any) -> Sequence[Any]: ...


def _nothing(_: Sequence[Any]) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that gives rows: a `SELECT`, or one that ends in `RETURNING`.

    `then` is given them; what it raises undoes the transaction.
    """

    text: str
    arguments: tuple[Any, ...]
    then: Callable[[Sequence[Any]], None] = _nothing


async def carry_out(sql: Sql, statements: Sequence[Statement]) -> None:
    """Carry out all of them at once, each as if it were alone (PostgreSQL, "Data-Modifying Statements in WITH").

    No two may write the same row.
    """
    if statements:
        arguments = chain.from_iterable(each.arguments for each in statements)
        (given,) = await sql(_together(tuple(each.text for each in statements)), *arguments)
        for each, rows in zip(statements, given, strict=True):
            each.then(rows or ())


@cache
def _together(statements: tuple[str, ...]) -> str:
    arguments = [max(map(int, _ARGUMENT.findall(each)), default=0) for each in statements]
    before = accumulate(arguments[:-1], initial=0)
    names = [f"w{nth}" for nth in range(len(statements))]
    parts = [f"{name} AS ({_shifted(each, by)})" for name, each, by in zip(names, statements, before, strict=True)]
    rows = [f"(SELECT array_agg({name}) FROM {name})" for name in names]  # noqa: S608 - a name of our own
    return f"WITH {', '.join(parts)} SELECT {', '.join(rows)}"


def _shifted(statement: str, by: int) -> str:
    return _ARGUMENT.sub(lambda found: f"${int(found[1]) + by}", statement)
