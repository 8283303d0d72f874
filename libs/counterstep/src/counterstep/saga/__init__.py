"""A saga as its author writes it: a definition of steps, and what a rollback tells the last compensation.

This is the door; the modules beside it are private. They are pure: no clock, no database, no broker.
"""

from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.definition import Saga
from counterstep.saga.instance import Status
from counterstep.saga.registry import Registry
from counterstep.saga.steps import days, parallel, seconds, step

__all__ = ["Abort", "AbortCause", "Registry", "Saga", "Status", "days", "parallel", "seconds", "step"]
