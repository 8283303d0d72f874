"""What an instance remembers and never looks at again, made the same, so that more instances are one."""

from dataclasses import replace
from typing import Final

from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.instance import Instance, StepState

_FAILED: Final = Abort(AbortCause.REFUSED, reason="")
_CANCELLED: Final = Abort(AbortCause.CANCELLED, reason="")


def merged(instance: Instance) -> Instance:
    """The instance without numbers of attempts that are over, and without the reason for which it was aborted.

    The engine compares the number of a pending attempt alone, and only asks whether there was an abort. The rules
    ask whether it was a cancellation.
    """
    steps = {name: state if state.pending else StepState(state.phase) for name, state in instance.steps.items()}
    if instance.abort is None:
        return replace(instance, steps=steps)
    cancelled = instance.abort.cause is AbortCause.CANCELLED
    return Instance(steps, _CANCELLED if cancelled else _FAILED)
