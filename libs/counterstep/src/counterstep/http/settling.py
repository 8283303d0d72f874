"""What operators do with messages that wait for their decision: dead letters, and messages in quarantine."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import tuple_
from sqlmodel import col, select

from counterstep.http.problems import Problem
from counterstep.http.text import OneLine
from counterstep.messaging.consumer.dead_letters import DeadLetter
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.outbox.quarantined import Quarantined

Row = TypeVar("Row", DeadLetter, Quarantined)

MOST_PAGES: Final = 100
"""How many times as many rows as are to be settled are looked at, where some of them cannot be settled."""


class Because(BaseModel, extra="forbid"):
    """Why the operator does it. The reason is kept with the letter."""

    reason: Annotated[OneLine, Field(examples=["the bug is fixed"])]


class Many(Because):
    """The oldest that wait, of one type or of all."""

    type: OneLine | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100


async def row_of(
    tx: PlatformTransaction, table: type[Row], message_id: UUID, missing: str, *, with_for_update: bool = False
) -> Row:
    """The row of this message. Raises `Problem` 404, with what is `missing`, where there is none."""
    found = await tx.session.get(table, message_id, with_for_update=with_for_update)
    if found is None:
        raise Problem(404, missing)
    return found


async def settle_oldest(
    tx: PlatformTransaction,
    table: type[Row],
    since: str,
    many: Many,
    settle: Callable[[Row], None],
) -> int:
    """Settle those that wait longest by the column `since`; gives how many could be settled.

    Those that cannot be settled are left as they are, and the next ones are settled in their place: `MOST_PAGES`
    times as many are looked at. What another request has locked is passed over.
    """
    number, last = 0, None
    for _ in range(MOST_PAGES):
        wanted = many.limit - number
        rows = await _oldest(tx, table, since, many, wanted, last)
        number += sum(_could_be(settle, each) for each in rows)
        if number == many.limit or len(rows) < wanted:
            break
        last = rows[-1]
    return number


async def _oldest(  # noqa: PLR0913, PLR0917 - a page of rows, by the table, the column and the place
    tx: PlatformTransaction,
    table: type[Row],
    since: str,
    many: Many,
    limit: int,
    last: Row | None,
) -> Sequence[Row]:
    moment = col(getattr(table, since))
    query = select(table).where(col(table.status) == "waiting").order_by(moment, col(table.message_id))
    if many.type is not None:
        query = query.where(col(table.type) == many.type)
    if last is not None:
        place = tuple_(getattr(last, since), last.message_id)
        query = query.where(tuple_(moment, col(table.message_id)) > place)
    return (await tx.session.exec(query.limit(limit).with_for_update(skip_locked=True))).all()


def _could_be(settle: Callable[[Row], None], row: Row) -> bool:
    with suppress(Problem):
        settle(row)
        return True
    return False


@contextmanager
def conflicts() -> Iterator[None]:
    """Answer 409 with the words of a `ValueError`: it says why the row cannot be settled so."""
    try:
        yield
    except ValueError as error:
        raise Problem(409, str(error)) from None
