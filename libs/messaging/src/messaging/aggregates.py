"""The rows that the handlers of one batch work on: loaded and locked together, changed in memory, flushed once."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from sqlalchemy import inspect as sqlalchemy_inspect
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from messaging.signature import AnyCommand, Parameter, Row, primary_key

Rows: TypeAlias = dict[Row, dict[Any, SQLModel]]
"""Row class → key → row."""


async def load(session: AsyncSession, wanted: Iterable[tuple[Parameter, AnyCommand]]) -> Rows:
    """Lock and load every row that these commands name, one statement a class, always in the same order."""
    keys: dict[Row, set[Any]] = {}
    for parameter, command in wanted:
        keys.setdefault(parameter.row_class, set()).update(parameter.keys(command))
    in_order = sorted(keys, key=lambda row_class: row_class.__name__)
    return {row_class: await _load(session, row_class, sorted(keys[row_class])) for row_class in in_order}


def argument(parameter: Parameter, command: AnyCommand, rows: Rows) -> Any:
    """What the handler is given. Raises `LookupError` for a missing row that it requires."""
    loaded, keys = rows[parameter.row_class], parameter.keys(command)
    if parameter.many:
        return {key: loaded[key] for key in keys if key in loaded}
    row = loaded.get(keys[0])
    if row is None and parameter.required:
        raise LookupError(f"there is no {parameter.row_class.__name__} {keys[0]!r}")
    return row


def keep(
    session: AsyncSession, loaded: dict[Any, SQLModel], keys: Iterable[Any], after: dict[Any, SQLModel]
) -> None:
    """Make what a handler added to its `dict` an insert, and what it removed a delete."""
    for key, row in after.items():
        if loaded.get(key) is not row:
            loaded[key] = row
            session.add(row)
    for key in set(keys) & loaded.keys() - after.keys():
        _remove(session, loaded.pop(key))


async def _load(session: AsyncSession, row_class: Row, keys: list[Any]) -> dict[Any, SQLModel]:
    column = getattr(row_class, primary_key(row_class))
    statement = select(row_class).where(column.in_(keys)).order_by(column).with_for_update()
    return {getattr(row, column.key): row for row in await session.exec(statement)}


def _remove(session: AsyncSession, row: SQLModel) -> None:
    if sqlalchemy_inspect(row).pending:
        session.expunge(row)
    else:
        session.sync_session.delete(row)
