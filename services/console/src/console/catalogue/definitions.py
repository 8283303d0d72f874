"""Saga definitions, as the orchestrator describes them, laid out in stages with their compensations."""

from collections.abc import Iterable
from dataclasses import dataclass

from counterstep.http.views.sagas import SagaDefinition, StepDescription


class Definition(SagaDefinition, frozen=True):
    """One version of a saga with its stages, as they are drawn."""

    @property
    def stages(self) -> "list[Stage]":
        """From the first to the last."""
        shape = self.description
        pivot = next(nth for nth, names in enumerate(shape.stages) if shape.pivot in names)
        return [
            Stage({name: shape.steps[name] for name in names}, "pivot" if nth == pivot else _kind(nth, pivot))
            for nth, names in enumerate(shape.stages)
        ]


@dataclass(frozen=True, slots=True)
class Stage:
    """The steps of one stage, which run in parallel. The stage is `compensatable`, the `pivot`, or `retriable`."""

    steps: dict[str, StepDescription]
    kind: str


def definitions(found: Iterable[SagaDefinition]) -> list[Definition]:
    """The newest version of each saga first."""
    return [
        Definition.model_validate(each.model_dump())
        for each in sorted(found, key=lambda each: (each.saga, -each.version))
    ]


def _kind(nth: int, pivot: int) -> str:
    return "compensatable" if nth < pivot else "retriable"
