"""One proof: everything that can go wrong, and from everywhere the way to an end."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Final

from counterstep.saga.proof import faults, recovery
from counterstep.saga.proof.judge import Judge
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.rules import RULES, Rule
from counterstep.saga.proof.search import Explored, explore
from counterstep.saga.proof.words import line, told

AN_END_IS_IN_REACH: Final = "From every state an end can be reached, even where all that is in flight is lost."
THE_WORST: Final = "all that is in flight is lost, and the parts are well from now on"


@dataclass(frozen=True)
class Violation:
    """What should have held, and a shortest way to where it does not, a line a step."""

    rule: str
    trace: tuple[str, ...]


@dataclass(frozen=True)
class Proof:
    """How much was searched, in how many seconds, and what was found."""

    states: int
    transitions: int
    depth: int
    seconds: float
    violation: Violation | None


def prove(model: Model, rules: Sequence[Rule] = RULES) -> Proof:
    """Visit every world of the model, and from each the way to an end; stop at the first that breaks a rule."""
    began = perf_counter()
    judge = Judge(model, rules)
    faulty = explore([model.initial], partial(faults.moves, model), judge)
    violation = _broken(model, faulty)
    healthy = Explored({})
    if violation is None:
        starts = dict.fromkeys(recovery.worst(model, world) for world in faulty.reached_from)
        healthy = explore(starts, partial(recovery.moves, model), judge)
        violation = _unhealed(model, faulty, healthy)
    return Proof(
        states=len(faulty.reached_from) + len(healthy.reached_from),
        transitions=faulty.transitions + healthy.transitions,
        depth=faulty.depth,
        seconds=perf_counter() - began,
        violation=violation,
    )


def _broken(model: Model, faulty: Explored) -> Violation | None:
    if faulty.breach is None:
        return None
    rule, before, move = faulty.breach
    way = told(model, faulty.way(before), partial(faults.moves, model))
    return Violation(rule, (*way, line(model, before, move)))


def _unhealed(model: Model, faulty: Explored, healthy: Explored) -> Violation | None:
    if healthy.breach:
        rule, lost, move = healthy.breach
        last = [line(model, lost, move)]
    elif stuck := recovery.stuck(model, healthy.reached_from):
        rule, lost, last = AN_END_IS_IN_REACH, next(iter(stuck)), []
    else:
        return None
    back = healthy.way(lost)
    start = next(world for world in faulty.reached_from if recovery.worst(model, world) == back[0])
    there = told(model, faulty.way(start), partial(faults.moves, model))
    return Violation(rule, (*there, THE_WORST, *told(model, back, partial(recovery.moves, model)), *last))
