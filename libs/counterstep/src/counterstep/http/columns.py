"""Column types that the services share."""

from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")


class Jsonb(TypeDecorator[T]):
    """An immutable value that pydantic can validate, kept as JSON."""

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
