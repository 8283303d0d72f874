"""A handler's signature says what it is given: the command, the rows that the command names, and perhaps a token.

A row's primary key is its address: where `Room` is keyed by `room_id`, the command's field `room_id`
names the room, and `nights[*].date` names the `Night` rows keyed by `date`.
"""

import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from sqlmodel import SQLModel

from counterstep.messaging.database.mapping import Row, mapping_of
from counterstep.messaging.inbox.token import Token
from counterstep.protocol.answers import Accepted
from counterstep.protocol.messages import Command, Reply
from counterstep.protocol.naming import answers

AnyCommand: TypeAlias = Command[Any, Any]

_ABSENT: Final = type(None)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row parameter: `row: Row | None`, `row: Row` (which must exist) or `rows: dict[Key, Row]`."""

    name: str
    row_class: Row
    keys: Callable[[AnyCommand], list[Any]]
    many: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered function: what it is given, and what it may answer."""

    call: Callable[..., Reply]
    rows: tuple[Parameter, ...]
    tokens: tuple[str, ...]
    answers: tuple[type[Any], ...]

    @classmethod
    def of(cls, function: Callable[..., Reply], command: type[AnyCommand]) -> Self:
        """Read the signature. Raises `TypeError` for a parameter that the command cannot name."""
        hints = get_type_hints(function)
        wanted = {name: hints[name] for name in list(inspect.signature(function).parameters)[1:]}
        return cls(
            call=function,
            rows=tuple(_parameter(name, hint, command) for name, hint in wanted.items() if hint is not Token),
            tokens=tuple(name for name, hint in wanted.items() if hint is Token),
            answers=(*answers(command), Accepted),
        )


def _parameter(name: str, hint: Any, command: type[AnyCommand]) -> Parameter:
    options = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    bare = next(option for option in options if option is not _ABSENT)
    many = get_origin(bare) is dict
    row_class = get_args(bare)[1] if many else bare
    if not (isinstance(row_class, type) and issubclass(row_class, SQLModel)):
        raise TypeError(f"{name}: {hint} is no table row, `Row | None`, `dict[Key, Row]` or Token")
    return Parameter(
        name=name,
        row_class=row_class,
        keys=_keys(mapping_of(row_class).key, command),
        many=many,
        required=not many and _ABSENT not in options,
    )


def _keys(key: str, command: type[AnyCommand]) -> Callable[[AnyCommand], list[Any]]:
    if key in command.model_fields:
        return lambda said: [getattr(said, key)]
    items = next(_fields_with_items_that_name(key, command), None)
    if items is None:
        raise TypeError(f"{command.__name__} names no {key!r}, neither itself nor in the items of a tuple")
    return lambda said: [getattr(item, key) for item in getattr(said, items)]


def _fields_with_items_that_name(key: str, command: type[AnyCommand]) -> Iterator[str]:
    for name, field in command.model_fields.items():
        item = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else None
        if isinstance(item, type) and issubclass(item, BaseModel) and key in item.model_fields:
            yield name
