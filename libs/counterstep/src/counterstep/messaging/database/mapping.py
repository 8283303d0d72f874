"""Between a row class and its table: four statements, each for a whole batch of rows.

SQLAlchemy's session costs a batch ten times what these cost; it reads the classes, and this writes the statements.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic_core import to_json
from sqlalchemy import LargeBinary
from sqlalchemy import inspect as sqlalchemy_inspect
from sqlalchemy.dialects.postgresql import asyncpg
from sqlmodel import SQLModel

Row: TypeAlias = type[SQLModel]
Values: TypeAlias = tuple[Any, ...]

_DIALECT: Final = asyncpg.dialect()  # type: ignore[no-untyped-call] # published without a type


@dataclass(frozen=True, slots=True)
class Mapping:
    """The statements of one table, and how a row is made of its columns and its columns of a row.

    `read` and `lock` take an array of keys, `delete` too; `insert` and `update` take rows as JSON.
    """

    row_class: Row
    key: str
    attributes: tuple[str, ...]
    columns: tuple[str, ...]
    readers: tuple[Callable[[Any], Any] | None, ...]
    read: str
    lock: str
    insert: str
    update: str
    delete: str

    def row(self, columns: Iterable[Any]) -> SQLModel:
        """A row as SQLAlchemy would have loaded it."""
        values = zip(self.attributes, self.readers, columns, strict=True)
        row: SQLModel = sqlalchemy_inspect(self.row_class).class_manager.new_instance()
        row.__dict__.update({name: read(value) if read else value for name, read, value in values})
        return row

    def values(self, row: SQLModel) -> Values:
        """What stands in its columns now."""
        return tuple(getattr(row, name) for name in self.attributes)

    def as_json(self, rows: Sequence[Values]) -> str:
        """Rows on their way to the database, which knows the type of each column."""
        return to_json([dict(zip(self.columns, values, strict=True)) for values in rows]).decode()


def primary_key(row_class: Row) -> str:
    """The name of a row's one primary key column."""
    (column,) = sqlalchemy_inspect(row_class).primary_key
    return str(column.name)


@cache
def mapping_of(row_class: Row) -> Mapping:
    """Raises `TypeError` for a column of bytes, which JSON cannot carry."""
    mapped = {each.key: each.columns[0] for each in sqlalchemy_inspect(row_class).column_attrs}
    if any(isinstance(column.type, LargeBinary) for column in mapped.values()):
        raise TypeError(f"{row_class.__name__} has a column of bytes: a handler cannot be given its rows")
    quote = _DIALECT.identifier_preparer.quote
    table, key = quote(str(row_class.__tablename__)), quote(primary_key(row_class))
    columns = [quote(column.name) for column in mapped.values()]
    keys = f"{mapped[primary_key(row_class)].type.compile(_DIALECT)}[]"
    listed, given = ", ".join(columns), f"jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)"
    changes = ", ".join(f"{column} = given.{column}" for column in columns)
    read = f"SELECT {listed} FROM {table} WHERE {key} = ANY($1::{keys}) ORDER BY {key}"  # noqa: S608 - the names are quoted
    return Mapping(
        row_class=row_class,
        key=primary_key(row_class),
        attributes=tuple(mapped),
        columns=tuple(column.name for column in mapped.values()),
        readers=tuple(_reader(column.type) for column in mapped.values()),
        read=read,
        lock=f"{read} FOR UPDATE",
        insert=f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {given} RETURNING 1",  # noqa: S608 - as above
        update=f"UPDATE {table} SET {changes} FROM {given} AS given WHERE {table}.{key} = given.{key} RETURNING 1",  # noqa: S608 - as above
        delete=f"DELETE FROM {table} WHERE {key} = ANY($1::{keys}) RETURNING 1",  # noqa: S608 - as above
    )


def _reader(column_type: Any) -> Callable[[Any], Any] | None:
    reader: Callable[[Any], Any] | None = column_type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
    return reader
