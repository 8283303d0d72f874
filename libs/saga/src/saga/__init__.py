"""The saga engine's pure core: a definition, and what follows from each thing heard."""

from saga.advance import advance, begin, is_past_return
from saga.ask import Ask
from saga.command import command
from saga.definition import Saga
from saga.heard import Advanced, Cancelled, Event, Heard, Note, Nudged, Refused, Silent, Succeeded
from saga.patience import patience
from saga.run import Phase, Run, Status, StepState
from saga.steps import Stage, Step, days, seconds, step, together
from saga.turn import Cause, Turn

__all__ = [
    "Advanced",
    "Ask",
    "Cancelled",
    "Cause",
    "Event",
    "Heard",
    "Note",
    "Nudged",
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
    "Turn",
    "advance",
    "begin",
    "command",
    "days",
    "is_past_return",
    "patience",
    "seconds",
    "step",
    "together",
]
