"""One scope, searched with fewer worlds: those that can do nothing more than another one are left out.

What is in flight stays there for good. So of two worlds with the same records and the same stalled transactions,
the one with more in flight covers the other: it can do everything that the other can, with the same records in the
end. All rules, and the way to an end, depend on records alone. A search over covering worlds therefore finds harm
if and only if the search over all worlds does. It does not find the shortest way there: `prove_scope` does that
afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from counterstep.saga.proof import faults, recovery
from counterstep.saga.proof.judge import Judge
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.rules import RULES
from counterstep.saga.proof.search import explore
from counterstep.saga.proof.world import Stalled, World, members

Place: TypeAlias = tuple[tuple[int, ...], tuple[Stalled, ...]]
"""A world without what is in flight."""


@dataclass
class Covered:
    """How many worlds were searched, and whether one of them does harm."""

    states: int = 0
    harmful: bool = False
    complete: bool = True
    """Whether the whole scope was searched: neither harm nor the end of the time came first."""
    flights: dict[Place, list[int]] = field(default_factory=dict)
    """For each place what is in flight there, without what another entry covers."""

    def takes(self, world: World) -> bool:
        """Add the world. False, and nothing is added, where another one covers it."""
        place = world.records, world.stalled
        known = self.flights.get(place, [])
        if any(not world.flight & ~other for other in known):
            return False
        self.flights[place] = [*(other for other in known if other & ~world.flight), world.flight]
        self.states += 1
        return True

    def still_has(self, world: World) -> bool:
        """Whether no world that was added later covers this one."""
        return world.flight in self.flights[world.records, world.stalled]


def cover(model: Model, is_late: Callable[[], bool] = lambda: False) -> Covered:
    """Search the scope of the model, which should be a `merged` one, until harm is found or it `is_late`."""
    judge = Judge(model, RULES)
    found = Covered()
    level = [grown(model, model.initial)]
    found.takes(level[0])
    while level and found.complete:
        level = [
            after for world in level if found.still_has(world) for after in _after(model, judge, found, world)
        ]
        found.complete &= not is_late()
    if found.complete:
        _recover(model, judge, found, is_late)
    return found


def grown(model: Model, world: World) -> World:
    """The world once every message was answered that can be answered without a change of any record."""
    flight = new = world.flight
    while new:
        sent = 0
        for message in members(new):
            place = model.place(message)
            read = world.records[place]
            for effect in model.effects(place, read, message):
                sent |= effect.sent if effect.record == read else 0
        new = sent & ~flight
        flight |= new
    return world._replace(flight=flight)


def _after(model: Model, judge: Judge, found: Covered, world: World) -> list[World]:
    """The worlds after this one that no known one covers. Nothing more is searched once one does harm."""
    after = []
    for move in faults.moves(model, world) if found.complete else ():
        if judge.broken(world, move.world):
            found.harmful, found.complete = True, False
            return []
        following = grown(model, move.world)
        if found.takes(following):
            after.append(following)
    return after


def _recover(model: Model, judge: Judge, found: Covered, is_late: Callable[[], bool]) -> None:
    """From the records of every world an end must be in reach, even where all that is in flight is lost."""
    starts = dict.fromkeys(recovery.worst(model, World(records, 0)) for records, _ in found.flights)
    healthy = explore(starts, partial(recovery.moves, model), judge, is_late)
    found.states += len(healthy.reached_from)
    found.complete = healthy.complete
    found.harmful = bool(healthy.breach or (healthy.complete and recovery.stuck(model, healthy.reached_from)))
