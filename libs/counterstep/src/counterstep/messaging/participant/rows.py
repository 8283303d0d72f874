"""The rows that the handlers of one batch work on: locked and loaded together, changed in memory, written once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from typing import Any

from sqlmodel import SQLModel

from counterstep.messaging.database.mapping import Row, Values, mapping_of
from counterstep.messaging.database.sql import Statement
from counterstep.messaging.participant.signature import AnyCommand, RowParameter


class Rows:
    """Every row that these commands name. What the handlers change, add or take away is written at the end."""

    def __init__(self, wanted: Iterable[tuple[RowParameter, AnyCommand]]) -> None:
        self._wanted: dict[Row, set[Any]] = {}
        for parameter, command in wanted:
            self._wanted.setdefault(parameter.row_class, set()).update(parameter.keys(command))
        self._before: dict[Row, dict[Any, Values]] = {row_class: {} for row_class in self._wanted}
        self._now: dict[Row, dict[Any, SQLModel]] = {row_class: {} for row_class in self._wanted}

    def reading(self) -> Iterator[Statement]:
        """The statements that lock and load them.

        Classes by name, rows by key: every batch locks in the same order, so no two wait for each other.
        """
        for row_class in sorted(self._wanted, key=lambda each: each.__name__):
            keys = sorted(self._wanted[row_class])
            yield Statement(mapping_of(row_class).lock, (keys,), partial(self._take, row_class))

    def argument(self, parameter: RowParameter, command: AnyCommand) -> Any:
        """What the handler is given. Raises `LookupError` for a missing row that it requires."""
        loaded, keys = self._now[parameter.row_class], parameter.keys(command)
        if parameter.many:
            return {key: loaded[key] for key in keys if key in loaded}
        row = loaded.get(keys[0])
        if row is None and parameter.required:
            raise LookupError(f"there is no {parameter.row_class.__name__} {keys[0]!r}")
        return row

    def keep(self, parameter: RowParameter, command: AnyCommand, after: dict[Any, SQLModel]) -> None:
        """Take over a handler's `dict`: rows that it added exist from now on, rows that it removed do not."""
        rows = self._now[parameter.row_class]
        for key in set(parameter.keys(command)) - after.keys():
            rows.pop(key, None)
        rows.update(after)

    @contextmanager
    def undone_if_it_raises(self, parameters: Iterable[RowParameter], command: AnyCommand) -> Iterator[None]:
        """Undo what the block has changed in the rows that the command names, where it raises."""
        named = [(each.row_class, key) for each in parameters for key in each.keys(command)]
        rows = [row for row_class, key in named if (row := self._now[row_class].get(key)) is not None]
        before = [deepcopy(mapping_of(type(row)).values(row)) for row in rows]
        try:
            yield
        except BaseException:
            for row, values in zip(rows, before, strict=True):
                mapping_of(type(row)).restore(row, values)
            raise

    def writing(self) -> Iterator[Statement]:
        """The statements that write what is new, changed or removed."""
        for row_class, rows in self._now.items():
            mapping, before = mapping_of(row_class), self._before[row_class]
            now = {key: mapping.values(row) for key, row in rows.items()}
            new = [values for key, values in now.items() if key not in before]
            changed = [values for key, values in now.items() if key in before and values != before[key]]
            removed = sorted(before.keys() - now.keys())
            if new:
                yield Statement(mapping.insert, (mapping.as_json(new),))
            if changed:
                yield Statement(mapping.update, (mapping.as_json(changed),))
            if removed:
                yield Statement(mapping.delete, (removed,))

    def _take(self, row_class: Row, found: Iterable[Values]) -> None:
        mapping = mapping_of(row_class)
        for columns in found:
            row = mapping.row(columns)
            key = getattr(row, mapping.key)
            self._now[row_class][key] = row
            self._before[row_class][key] = deepcopy(mapping.values(row))
