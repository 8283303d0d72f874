"""Which rows can be read by their key without SQLAlchemy's loading: those that are columns and nothing else."""

from collections.abc import Mapping as Dictionary
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Uuid
from sqlalchemy import inspect as sqlalchemy_inspect
from sqlalchemy.orm import ColumnProperty, Mapper
from sqlmodel import AutoString

from counterstep.messaging.database.mapping import Mapping, mapping_of

_KEYS: Final[Dictionary[Any, frozenset[type]]] = {
    UUID: frozenset({Uuid}),
    str: frozenset({String, AutoString}),
    int: frozenset({Integer, BigInteger}),
}
"""The types of keys that the driver takes as they are → the types of their columns."""


@cache
def plain_mapping(row_class: Any, key_type: Any) -> Mapping | None:
    """The mapping of a row class that has columns and nothing else, and a key of this type; `None` for any other.

    Not plain are relationships, inheritance, columns that are loaded later or computed, and listeners to a load.
    """
    mapper: Any = sqlalchemy_inspect(row_class, raiseerr=False)
    if not isinstance(mapper, Mapper) or len(mapper.primary_key) != 1 or not _is_plain(mapper):
        return None
    is_taken = type(mapper.primary_key[0].type) in _KEYS.get(key_type, frozenset())
    return mapping_of(row_class) if is_taken else None


def _is_plain(mapper: Mapper[Any]) -> bool:
    return (
        all(_is_plain_property(each) for each in mapper.attrs)
        and not mapper.inherits
        and mapper.polymorphic_on is None
        and not mapper.class_manager.dispatch.load
    )


def _is_plain_property(each: object) -> bool:
    if not isinstance(each, ColumnProperty) or each.deferred:
        return False
    column = each.columns[0]
    return isinstance(column, Column) and not isinstance(column.type, LargeBinary)
