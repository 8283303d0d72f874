"""A saga as its author writes it: a definition of steps with their compensations, and the registry of sagas.

This is the public part of the package; the modules beside it are private. They are pure: no clock, no database, no
broker.
"""

from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.definition import Saga
from counterstep.saga.instance import Status
from counterstep.saga.registry import Registry
from counterstep.saga.steps import days, parallel, seconds, step

__all__ = ["Abort", "AbortCause", "Registry", "Saga", "Status", "days", "parallel", "seconds", "step"]
