"""The parameters of a handler decide what it receives: by type, in any order, and only what it needs.

- The command, where a parameter has the command's class. A handler that needs only rows leaves it out.
- Rows of the service's tables: `row: Row` (it must exist), `row: Row | None`, or `rows: dict[Key, Row]`, to which
  the handler may add rows and from which it may take some out.
- A `Token`, by which the command can be completed later.

The command names the rows. A row's primary key is its address: where `Room` is keyed by `room_id`, the command's
field `room_id` names the room, and `nights[*].date` names the `Night` rows keyed by `date`.
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
from counterstep.protocol.messages import Command, Reply
from counterstep.protocol.naming import answers

AnyCommand: TypeAlias = Command[Any, Any]

_ABSENT: Final = type(None)


@dataclass(frozen=True, slots=True)
class RowParameter:
    """One row parameter: which rows of which class it gets for a command, and whether they must exist."""

    name: str
    row_class: Row
    keys: Callable[[AnyCommand], list[Any]]
    many: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered function: what its parameters are, and which replies it may give."""

    call: Callable[..., Reply | Token]
    commands: tuple[str, ...]
    tokens: tuple[str, ...]
    rows: tuple[RowParameter, ...]
    answers: tuple[type[Any], ...]

    @classmethod
    def of(cls, function: Callable[..., Reply | Token], command: type[AnyCommand]) -> Self:
        """Read the signature. Raises `TypeError` for a parameter that cannot be given for this command."""
        hints = get_type_hints(function)
        parameters = {name: hints.get(name) for name in inspect.signature(function).parameters}
        plain = (command, Token)
        return cls(
            call=function,
            commands=tuple(name for name, hint in parameters.items() if hint is command),
            tokens=tuple(name for name, hint in parameters.items() if hint is Token),
            rows=tuple(_row(name, hint, command) for name, hint in parameters.items() if hint not in plain),
            answers=answers(command),
        )


def _row(name: str, hint: Any, command: type[AnyCommand]) -> RowParameter:
    options = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    bare = next(option for option in options if option is not _ABSENT)
    many = get_origin(bare) is dict
    row_class = get_args(bare)[1] if many else bare
    if not (isinstance(row_class, type) and issubclass(row_class, SQLModel)):
        raise TypeError(
            f"{name}: {hint} cannot be given to a handler of {command.__name__}; a parameter is the"
            f" `{command.__name__}`, a `Token`, a table row, `Row | None` or `dict[Key, Row]`"
        )
    return RowParameter(
        name=name,
        row_class=row_class,
        keys=_keys(mapping_of(row_class).key, command),
        many=many,
        required=not many and _ABSENT not in options,
    )


def _keys(key: str, command: type[AnyCommand]) -> Callable[[AnyCommand], list[Any]]:
    """How to find the keys of a table's rows in a command: its own field, or a field of its items."""
    if key in command.model_fields:
        return lambda message: [getattr(message, key)]
    items = next(_fields_with_items_that_name(key, command), None)
    if items is None:
        raise TypeError(f"{command.__name__} names no {key!r}, neither itself nor in the items of a tuple")
    return lambda message: [getattr(item, key) for item in getattr(message, items)]


def _fields_with_items_that_name(key: str, command: type[AnyCommand]) -> Iterator[str]:
    for name, field in command.model_fields.items():
        item = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else None
        if isinstance(item, type) and issubclass(item, BaseModel) and key in item.model_fields:
            yield name
