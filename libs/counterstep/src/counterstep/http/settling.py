"""What operators do with messages that wait for their decision: dead letters, and messages in quarantine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from counterstep.http.problems import Problem
from counterstep.http.text import OneLine
from counterstep.messaging.consumer.dead_letters import DeadLetter
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.outbox.quarantined import Quarantined

Row = TypeVar("Row", DeadLetter, Quarantined)


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


async def oldest(tx: PlatformTransaction, table: type[Row], since: Mapped[datetime], many: Many) -> Sequence[Row]:
    """Those that wait longest by the column `since`, locked. What another request has locked is passed over."""
    query = select(table).where(col(table.status) == "waiting").order_by(since)
    if many.type is not None:
        query = query.where(col(table.type) == many.type)
    return (await tx.session.exec(query.limit(many.limit).with_for_update(skip_locked=True))).all()


def settled(rows: Iterable[Row], settle: Callable[[Row], None]) -> int:
    """Settle all of these; how many could be. Those that cannot are left as they are."""
    number = 0
    for each in rows:
        with suppress(Problem):
            settle(each)
            number += 1
    return number


@contextmanager
def conflicts() -> Iterator[None]:
    """Answer 409 with the words of a `ValueError`: it says why the row cannot be settled so."""
    try:
        yield
    except ValueError as error:
        raise Problem(409, str(error)) from None
