"""The saga engine's pure core: a definition, and what follows from each thing heard."""

from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for
from counterstep.saga.definition import Saga
from counterstep.saga.engine import advance, begin, is_past_pivot
from counterstep.saga.instance import Instance, Phase, Status, StepState
from counterstep.saga.steps import Stage, Step, days, parallel, seconds, step
from counterstep.saga.timeouts import timeout_of
from counterstep.saga.transition import (
    Cancelled,
    HistoryEntry,
    HistoryEvent,
    Input,
    Refused,
    ResendRequested,
    Succeeded,
    TimedOut,
    Transition,
)

__all__ = [
    "Abort",
    "AbortCause",
    "Attempt",
    "Cancelled",
    "HistoryEntry",
    "HistoryEvent",
    "Input",
    "Instance",
    "Phase",
    "Refused",
    "ResendRequested",
    "Saga",
    "Stage",
    "Status",
    "Step",
    "StepState",
    "Succeeded",
    "TimedOut",
    "Transition",
    "advance",
    "begin",
    "command_for",
    "days",
    "is_past_pivot",
    "parallel",
    "seconds",
    "step",
    "timeout_of",
]
