"""When a row of a table has ended, so that a request may wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ARRAY, ColumnElement, any_, literal
from sqlalchemy.orm import Mapped
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from counterstep.messaging.database.mapping import primary_key

Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Ending(Generic[Row]):
    """A row has ended once its `column` is no longer `pending`.

    The table needs one primary key, and a revision that calls `counterstep.migrations.create_notices`.

    Units: none.

    Raises: `AttributeError` when it is first used, for a column that the table does not have.

    ```python
    TRIP_ENDED = Ending(Trip, column="status", pending="requested")
    assert not TRIP_ENDED.has_ended(Trip(status="requested"))
    assert TRIP_ENDED.has_ended(Trip(status="confirmed"))
    ```
    """

    row_class: type[Row]
    column: str
    pending: str

    @property
    def table(self) -> str:
        """The name of the table."""
        return str(self.row_class.__tablename__)

    def key_of(self, row: Row) -> Any:
        """The primary key of a row."""
        return getattr(row, primary_key(self.row_class))

    def has_ended(self, row: Row) -> bool:
        """Whether this row has ended, as far as it was read."""
        return bool(getattr(row, self.column) != self.pending)

    def among(self, keys: Sequence[Any]) -> SelectOfScalar[Row]:
        """A query for the rows of these keys that have ended: one statement for any number of keys."""
        wanted = any_(literal(keys, ARRAY(self._key.type)))
        return select(self.row_class).where(self._key == wanted, self._has_ended)

    @property
    def _key(self) -> Mapped[Any]:
        return col(getattr(self.row_class, primary_key(self.row_class)))

    @property
    def _has_ended(self) -> ColumnElement[bool]:
        return col(getattr(self.row_class, self.column)) != self.pending
