"""One scope: everything that can go wrong within its bounds, and from everywhere the way to an end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from time import perf_counter
from typing import Final

from counterstep.saga.proof import faults, recovery
from counterstep.saga.proof.judge import Judge
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.rules import RULES, Rule
from counterstep.saga.proof.search import Explored, explore
from counterstep.saga.proof.words import line, lines, outcome

AN_END_IS_IN_REACH: Final = "From every state an end can be reached, even where all that is in flight is lost."
THE_WORST: Final = "all that is in flight is lost, and the parts are well from now on"


@dataclass(frozen=True)
class Violation:
    """What should have held, a shortest way to where it does not, a line a step, and what is wrong there."""

    rule: str
    trace: tuple[str, ...]
    outcome: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """How much was searched, in how many seconds, and what was found."""

    states: int
    transitions: int
    depth: int
    seconds: float
    violation: Violation | None
    complete: bool = True
    """Whether the whole scope was searched: the time limit did not end the search first."""


def prove_scope(model: Model, rules: Sequence[Rule] = RULES, *, seconds: float = inf) -> Proof:
    """Visit every world of the model, and from each the way to an end; stop at the first that breaks a rule.

    After `seconds` the search stops where it is.
    """
    began = perf_counter()

    def is_late() -> bool:
        return perf_counter() - began > seconds

    judge = Judge(model, rules)
    faulty = explore([model.initial], partial(faults.moves, model), judge, is_late)
    healthy = _recovered(model, faulty, judge, is_late) if faulty.complete else Explored({}, complete=False)
    return Proof(
        states=len(faulty.reached_from) + len(healthy.reached_from),
        transitions=faulty.transitions + healthy.transitions,
        depth=faulty.depth,
        seconds=perf_counter() - began,
        violation=_broken(model, faulty) or _unhealed(model, faulty, healthy),
        complete=healthy.complete,
    )


def _recovered(model: Model, faulty: Explored, judge: Judge, is_late: Callable[[], bool]) -> Explored:
    starts = dict.fromkeys(recovery.worst(model, world) for world in faulty.reached_from)
    return explore(starts, partial(recovery.moves, model), judge, is_late)


def _broken(model: Model, faulty: Explored) -> Violation | None:
    if faulty.breach is None:
        return None
    rule, before, move = faulty.breach
    way = lines(model, faulty.way(before), partial(faults.moves, model))
    return Violation(rule, (*way, line(model, before, move)), tuple(outcome(model, move.world)))


def _unhealed(model: Model, faulty: Explored, healthy: Explored) -> Violation | None:
    if healthy.breach:
        rule, lost, move = healthy.breach
        last, wrong = [line(model, lost, move)], move.world
    elif healthy.complete and (stuck := recovery.stuck(model, healthy.reached_from)):
        rule, lost, last = AN_END_IS_IN_REACH, next(iter(stuck)), []
        wrong = lost
    else:
        return None
    back = healthy.way(lost)
    start = next(world for world in faulty.reached_from if recovery.worst(model, world) == back[0])
    there = lines(model, faulty.way(start), partial(faults.moves, model))
    way = (*there, THE_WORST, *lines(model, back, partial(recovery.moves, model)), *last)
    return Violation(rule, way, tuple(outcome(model, wrong)))
