"""How far a saga has come, read from its history: for each step the way forward, and the way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from infra.client.sagas import Direction, Happening

State: TypeAlias = Literal["asked", "succeeded", "refused", "in_doubt"]
ANSWERS: dict[str, State] = {"succeeded": "succeeded", "refused": "refused", "in_doubt": "in_doubt"}


@dataclass(frozen=True)
class Leg:
    """One step in one direction: from the first command to the answer that counted."""

    since: datetime
    attempts: int = 1
    state: State = "asked"
    until: datetime | None = None
    detail: str | None = None

    def took(self, now: datetime) -> timedelta:
        """How long it has taken; up to now where it is not settled."""
        return (self.until or now) - self.since


@dataclass(frozen=True)
class StepLine:
    """A step and both its legs; None is a leg that was never begun."""

    step: str
    forward: Leg | None
    back: Leg | None
    skipped: bool = False


def lines(steps: Sequence[str], saga: str, history: Iterable[Happening]) -> list[StepLine]:
    """Make a line of each step, in the definition's order; the saga's own undo, once it is asked, comes last."""
    legs = _legs(history)
    begun = [position for position, step in enumerate(steps) if (step, "forward") in legs]
    furthest = max(begun, default=-1)
    found = [
        StepLine(
            step,
            legs.get((step, "forward")),
            legs.get((step, "compensation")),
            skipped=position < furthest and position not in begun,
        )
        for position, step in enumerate(steps)
    ]
    undo = legs.get((saga, "compensation"))
    return [*found, StepLine(saga, None, undo)] if undo else found


def _legs(history: Iterable[Happening]) -> dict[tuple[str, Direction], Leg]:
    legs: dict[tuple[str, Direction], Leg] = {}
    for entry in history:
        key = entry.step, entry.direction
        if entry.event == "asked":
            known = legs.get(key)
            legs[key] = replace(known, attempts=entry.attempt) if known else Leg(since=entry.at)
        elif entry.event in ANSWERS and key in legs:
            legs[key] = replace(legs[key], state=ANSWERS[entry.event], until=entry.at, detail=entry.detail)
        elif entry.event == "turned_back":  # nobody waits any more for what was awaited then
            for each, leg in legs.items():
                if leg.state == "asked":
                    legs[each] = replace(leg, state="in_doubt", until=entry.at)
    return legs
