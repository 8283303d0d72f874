"""Between a row class and its table: a few statements, each for a whole batch of rows.

Handlers' rows do not go through SQLAlchemy's session, which would cost a batch several times as much (decision
0020). SQLAlchemy maps the classes; this module writes the statements and makes rows of what they give.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic_core import to_json
from sqlalchemy import LargeBinary
from sqlalchemy import inspect as sqlalchemy_inspect
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel

Row: TypeAlias = type[SQLModel]
Values: TypeAlias = tuple[Any, ...]

_DIALECT: Final = asyncpg.dialect()  # type: ignore[no-untyped-call] # published without a type


@dataclass(frozen=True, slots=True)
class Mapping:
    """The statements of one table, and the way from its columns to a row and back.

    `read` takes a primary key, and `lock` and `delete` an array of them. `insert` and `update` take a JSON array.
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
        """A row as SQLAlchemy would have loaded it: without validation, and with no change to write.

        The constructor would cost six times as much, and `model_construct` makes rows that cannot be changed.
        """
        row: SQLModel = sqlalchemy_inspect(self.row_class).class_manager.new_instance()
        for name, read, value in zip(self.attributes, self.readers, columns, strict=True):
            set_committed_value(row, name, read(value) if read else value)
        return row

    def values(self, row: SQLModel) -> Values:
        """What its columns hold now."""
        return tuple(getattr(row, name) for name in self.attributes)

    def restore(self, row: SQLModel, values: Values) -> None:
        """Let its columns hold what they held when `values` gave this."""
        for name, value in zip(self.attributes, values, strict=True):
            set_committed_value(row, name, value)

    def as_json(self, rows: Sequence[Values]) -> str:
        """Rows as JSON. PostgreSQL gives each value the type of its column."""
        return to_json([dict(zip(self.columns, values, strict=True)) for values in rows]).decode()


def primary_key(row_class: Row) -> str:
    """The name of a row's one primary key column."""
    (column,) = sqlalchemy_inspect(row_class).primary_key
    return str(column.name)


@cache
def mapping_of(row_class: Row) -> Mapping:
    """The mapping of a row class. Raises `TypeError` for one with a column of bytes, which JSON cannot carry."""
    mapped = {each.key: each.columns[0] for each in sqlalchemy_inspect(row_class).column_attrs}
    if any(isinstance(column.type, LargeBinary) for column in mapped.values()):
        raise TypeError(f"{row_class.__name__} has a column of bytes: a handler cannot be given its rows")
    quote = _DIALECT.identifier_preparer.quote
    table, key = quote(str(row_class.__tablename__)), quote(primary_key(row_class))
    columns = [quote(column.name) for column in mapped.values()]
    key_type = mapped[primary_key(row_class)].type.compile(_DIALECT)
    keys = f"{key_type}[]"
    listed, given = ", ".join(columns), f"jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)"
    changes = ", ".join(f"{column} = given.{column}" for column in columns)
    return Mapping(
        row_class=row_class,
        key=primary_key(row_class),
        attributes=tuple(mapped),
        columns=tuple(column.name for column in mapped.values()),
        readers=tuple(_reader(column.type) for column in mapped.values()),
        read=f"SELECT {listed} FROM {table} WHERE {key} = $1::{key_type}",  # noqa: S608 - the names are quoted
        # In the order of the keys: two batches that lock the same rows wait for each other, and never in a circle.
        lock=f"SELECT {listed} FROM {table} WHERE {key} = ANY($1::{keys}) ORDER BY {key} FOR UPDATE",  # noqa: S608 - the names are quoted
        insert=f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {given} RETURNING 1",  # noqa: S608 - as above
        update=f"UPDATE {table} SET {changes} FROM {given} AS given WHERE {table}.{key} = given.{key} RETURNING 1",  # noqa: S608 - as above
        delete=f"DELETE FROM {table} WHERE {key} = ANY($1::{keys}) RETURNING 1",  # noqa: S608 - as above
    )


def _reader(column_type: Any) -> Callable[[Any], Any] | None:
    """What SQLAlchemy does to a value of this column when it loads it; `None` where it does nothing."""
    reader: Callable[[Any], Any] | None = column_type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
    return reader
