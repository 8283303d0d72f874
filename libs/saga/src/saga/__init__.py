"""The saga engine's pure core: a definition, and what follows from each thing heard."""

from saga.advance import advance, begin
from saga.command import command
from saga.definition import Saga, Stage, Step, seconds, step, together
from saga.heard import Advanced, Ask, Event, Heard, Note, Refused, Silent, Succeeded
from saga.patience import patience
from saga.run import Phase, Run, Status, StepState

__all__ = [
    "Advanced",
    "Ask",
    "Event",
    "Heard",
    "Note",
    "Phase",
    "Refused",
    "Run",
    "Saga",
    "Silent",
    "Stage",
    "Status",
    "Step",
    "StepState",
    "Succeeded",
    "advance",
    "begin",
    "command",
    "patience",
    "seconds",
    "step",
    "together",
]
