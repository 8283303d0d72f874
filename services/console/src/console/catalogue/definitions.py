"""A saga's definition, as its orchestrator describes it, laid out as the way there and the way back."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


class Step(BaseModel, frozen=True):
    """A step: what is asked for, what undoes it, and how long an answer is waited for, in seconds."""

    command: str
    undo: str | None
    within: float
    conditional: bool


class Description(BaseModel, frozen=True):
    """What `counterstep.saga.description.describe` says, as far as it is drawn."""

    starts_on: str
    cancelled_by: str | None
    stages: list[list[str]]
    pivot: str
    steps: dict[str, Step]
    undo: str


class Definition(BaseModel, frozen=True):
    """One version of a saga, and how many of its runs have not ended."""

    saga: str
    version: int
    runs_left: int
    description: Description
    state_diagram: str
    sequence_diagram: str

    @property
    def stages(self) -> "list[Stage]":
        """From the first to the last."""
        said = self.description
        pivot = next(nth for nth, names in enumerate(said.stages) if said.pivot in names)
        return [
            Stage({name: said.steps[name] for name in names}, "pivot" if nth == pivot else _kind(nth, pivot))
            for nth, names in enumerate(said.stages)
        ]


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps that are done at once; `compensatable`, the `pivot`, or `retriable`."""

    steps: dict[str, Step]
    kind: str


def definitions(answer: Any) -> list[Definition]:
    """The newest version of each saga first."""
    found = [Definition.model_validate(each) for each in answer]
    return sorted(found, key=lambda each: (each.saga, -each.version))


def _kind(nth: int, pivot: int) -> str:
    return "compensatable" if nth < pivot else "retriable"
