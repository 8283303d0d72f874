"""Column types beyond those of SQLAlchemy."""

from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")


class Jsonb(TypeDecorator[T]):
    """A column that keeps a value as JSON and reads it back as its type, which pydantic must know.

    The value must be immutable: a change inside of it would not be noticed, and so not be written.

    Units: none.

    Raises: pydantic's errors, where a value is not of the type: when it is written, and when a stored one is read.

    ```python
    class Itinerary(SQLModel, table=True):
        itinerary_id: UUID = Field(primary_key=True)
        cities: tuple[str, ...] = Field(sa_column=Column(Jsonb(tuple[str, ...]), nullable=False))
    ```
    """

    impl = JSONB
    cache_ok = True

    def __init__(self, value_type: type[T]) -> None:
        super().__init__()
        self.value_type = value_type
        self._adapter = TypeAdapter(value_type)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self._adapter.validate_python(value)
