"""Breadth first through every world that can be reached: what is found first is reached by a shortest way."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from counterstep.saga.proof.judge import Judge
from counterstep.saga.proof.world import Move, World

Moves: TypeAlias = Callable[[World], Iterator[Move]]


class Breach(NamedTuple):
    """A transition that breaks a rule."""

    rule: str
    before: World
    move: Move


@dataclass
class Explored:
    """Worlds by the one that each was first reached from, and the first breach, if there is one."""

    reached_from: dict[World, World | None]
    transitions: int = 0
    depth: int = 0
    breach: Breach | None = None
    complete: bool = True
    """Whether every world was visited: neither a breach nor the end of the time came first."""

    def way(self, world: World) -> list[World]:
        """A shortest way to this world."""
        way = [world]
        while earlier := self.reached_from[way[-1]]:
            way.append(earlier)
        return way[::-1]


def explore(
    starts: Iterable[World], moves: Moves, judge: Judge, is_late: Callable[[], bool] = lambda: False
) -> Explored:
    """Every world that can be reached from the starts, or all up to the first breach, or until it `is_late`."""
    explored = Explored(dict.fromkeys(starts))
    reached_from = explored.reached_from
    level = list(reached_from)
    while level:
        further = []
        for world in level:
            if is_late():
                explored.complete = False
                return explored
            for move in moves(world):
                explored.transitions += 1
                if rule := judge.broken(world, move.world):
                    explored.breach = Breach(rule, world, move)
                    explored.complete = False
                    return explored
                if move.world not in reached_from:
                    reached_from[move.world] = world
                    further.append(move.world)
        level = further
        explored.depth += bool(level)
    return explored
