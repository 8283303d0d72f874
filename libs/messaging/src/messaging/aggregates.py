"""The rows that a handler names in its signature, loaded and locked for the commands of one batch.

A row's primary key is its address: where `Account` is keyed by `customer_id`, the command's field `customer_id`
names the account, and `lines[*].sku` names the stock items keyed by `sku`.
"""

import inspect
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin, get_type_hints

from contracts.base import Command
from pydantic import BaseModel
from sqlalchemy import inspect as sqlalchemy_inspect
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

Rows = dict[type[SQLModel], dict[Any, SQLModel]]
"""Row class → key → row: what a batch has loaded."""

AnyCommand = Command[Any, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One aggregate parameter of a handler: `row: R | None`, `row: R` (which must exist) or `rows: dict[K, R]`."""

    name: str
    row_class: type[SQLModel]
    keys: Callable[[AnyCommand], list[Any]]
    many: bool
    required: bool

    def argument(self, command: AnyCommand, rows: Rows) -> Any:
        """What the handler is called with. Raises `LookupError` for a missing row that it requires."""
        loaded = rows[self.row_class]
        keys = self.keys(command)
        if self.many:
            return {key: loaded[key] for key in keys if key in loaded}
        row = loaded.get(keys[0])
        if row is None and self.required:
            raise LookupError(f"there is no {self.row_class.__name__} {keys[0]!r}")
        return row


def parameters_of(handler: Callable[..., Any], command: type[AnyCommand]) -> tuple[Parameter, ...]:
    """The aggregate parameters of a handler. Raises `TypeError` for one that the command cannot name."""
    hints = get_type_hints(handler)
    names = list(inspect.signature(handler).parameters)[1:]
    return tuple(_parameter(name, hints[name], command) for name in names)


async def load(session: AsyncSession, wanted: Iterable[tuple[Parameter, AnyCommand]]) -> Rows:
    """Lock and load every row that these commands name, one statement a class, always in the same order."""
    keys: dict[type[SQLModel], set[Any]] = {}
    for parameter, command in wanted:
        keys.setdefault(parameter.row_class, set()).update(parameter.keys(command))
    return {
        row_class: await _load_class(session, row_class, sorted(keys[row_class]))
        for row_class in sorted(keys, key=lambda each: each.__name__)
    }


def keep(
    session: AsyncSession, rows: Rows, parameter: Parameter, after: dict[Any, SQLModel], command: AnyCommand
) -> None:
    """Make what a handler added to its `dict` an insert, and what it removed a delete."""
    loaded = rows[parameter.row_class]
    for key, row in after.items():
        if loaded.get(key) is not row:
            loaded[key] = row
            session.add(row)
    for key in parameter.keys(command):
        if key in loaded and key not in after:
            removed = loaded.pop(key)
            _remove(session, removed)


_ABSENT: Final = type(None)


def _parameter(name: str, hint: Any, command: type[AnyCommand]) -> Parameter:
    options = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    bare = next(option for option in options if option is not _ABSENT)
    many = get_origin(bare) is dict
    row_class = get_args(bare)[1] if many else bare
    if not (isinstance(row_class, type) and issubclass(row_class, SQLModel)):
        raise TypeError(f"{name}: {hint} is no table row, `Row | None` or `dict[Key, Row]`")
    return Parameter(
        name=name,
        row_class=row_class,
        keys=_keys(_primary_key(row_class), command),
        many=many,
        required=not many and _ABSENT not in options,
    )


def _primary_key(row_class: type[SQLModel]) -> str:
    (column,) = sqlalchemy_inspect(row_class).primary_key
    return str(column.name)


def _keys(key: str, command: type[AnyCommand]) -> Callable[[AnyCommand], list[Any]]:
    if key in command.model_fields:
        return lambda said: [getattr(said, key)]
    for name in _fields_with_items_that_name(key, command):
        return lambda said, name=name: [getattr(item, key) for item in getattr(said, name)]  # type: ignore[misc]
    raise TypeError(f"{command.__name__} names no {key!r}, neither itself nor in the items of a tuple")


def _fields_with_items_that_name(key: str, command: type[AnyCommand]) -> Iterator[str]:
    for name, field in command.model_fields.items():
        item = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else None
        if isinstance(item, type) and issubclass(item, BaseModel) and key in item.model_fields:
            yield name


async def _load_class(session: AsyncSession, row_class: type[SQLModel], keys: list[Any]) -> dict[Any, SQLModel]:
    column = getattr(row_class, _primary_key(row_class))
    statement = select(row_class).where(column.in_(keys)).order_by(column).with_for_update()
    return {getattr(row, column.key): row for row in await session.exec(statement)}


def _remove(session: AsyncSession, row: SQLModel) -> None:
    state = sqlalchemy_inspect(row)
    if state.pending:
        session.expunge(row)
    else:
        session.sync_session.delete(row)
