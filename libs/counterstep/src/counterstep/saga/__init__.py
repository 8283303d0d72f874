"""A saga as its author writes it: a definition of steps with their compensations.

This is the public part of the package; the modules beside it are private. They are pure: no clock, no database, no
broker.
"""

from counterstep.saga.abort import Abort
from counterstep.saga.definition import Saga
from counterstep.saga.steps import parallel, step

__all__ = ["Abort", "Saga", "parallel", "step"]
