"""What a PUT does to a row: create it or change it, also when two callers do so at once."""

from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Row = TypeVar("Row", bound=SQLModel)


async def upsert(session: AsyncSession, row: Row, *changes: str) -> Row:
    """Insert the row, or change these columns of the row that has its primary key. Returns it as it then is."""
    model = type(row)
    statement = insert(model).values(row.model_dump())
    statement = statement.on_conflict_do_update(
        index_elements=inspect(model).primary_key,
        set_={name: statement.excluded[name] for name in changes},
    )
    return (await session.scalars(statement.returning(model))).one()
