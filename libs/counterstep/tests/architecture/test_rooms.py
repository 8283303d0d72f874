"""The rooms of the platform stand one above the other, and no import leads back down into a circle."""

from collections.abc import Collection, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

import grimp
import pytest

Graph: TypeAlias = Mapping[str, Collection[str]]

PLATFORM: Final = "counterstep"
INNER: Final = "counterstep.messaging"
"""Its parts are rooms of their own."""
MOST_LEVELS: Final = 8


@cache
def modules() -> Graph:
    """Module → the modules that it imports, those for type checkers aside."""
    graph = grimp.build_graph(PLATFORM, exclude_type_checking_imports=True)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def room(module: str) -> str:
    """`counterstep.messaging.inbox` for `counterstep.messaging.inbox.table`."""
    depth = 3 if module.startswith(f"{INNER}.") else 2
    return ".".join(module.split(".")[:depth])


def rooms() -> Graph:
    """Room → the other rooms that it imports from."""
    graph: dict[str, set[str]] = {}
    for module, imported in modules().items():
        graph.setdefault(room(module), set()).update(set(map(room, imported)) - {room(module)})
    return graph


def levels(graph: Graph) -> list[tuple[str, ...]]:
    """The rooms that import nothing, those that import from these alone, and so on. Raises `CycleError`."""
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    found = []
    while sorter.is_active():
        found.append(sorter.get_ready())
        sorter.done(*found[-1])
    return found


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert levels(modules())


def test_no_rooms_import_one_another_in_a_circle() -> None:
    assert levels(rooms())


def test_the_rooms_stand_on_few_levels() -> None:
    stand = levels(rooms())
    assert len(stand) <= MOST_LEVELS, "\n".join(map(" ".join, stand))


def test_a_circle_would_be_found() -> None:
    with pytest.raises(CycleError):
        levels({"saga": {"http"}, "http": {"saga"}})
