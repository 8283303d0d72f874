"""From an attempt to the command that carries it."""

from collections.abc import Mapping
from typing import Any

from counterstep.protocol.messages import FallibleCommand, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.description import command_of
from counterstep.saga.instance import Instance
from counterstep.saga.steps import Start


def command_for(
    saga: Saga[Start], start: Start, instance: Instance, attempt: Attempt, replies: Mapping[str, Reply]
) -> FallibleCommand:
    """The command for this attempt; it can be made again at any time, so commands need not be stored.

    `replies` are the successful replies of earlier steps, by step; only those in `saga.needed_replies` are read.
    Raises `ValueError` for a compensation of a step that has none, or of an instance that was not aborted.
    """
    if attempt.step == saga.name:
        if instance.abort is None:
            raise ValueError(f"this instance of {saga.name} was not aborted, so there is nothing to undo")
        return saga.undo(start, instance.abort)
    step = saga.steps[attempt.step]
    if attempt.direction == "forward":
        return step.do(start, *(replies[earlier] for earlier in saga.inputs[attempt.step]))
    if step.undo is None:
        raise ValueError(f"{attempt.step} has no compensation")
    return step.undo(start)


def command_sent(saga: Saga[Any], attempt: Attempt) -> type[FallibleCommand]:
    """The command that carries this attempt. Raises `LookupError` for the compensation of a step without one."""
    if attempt.step == saga.name:
        return command_of(saga.undo)
    step = saga.steps[attempt.step]
    function = step.do if attempt.direction == "forward" else step.undo
    if function is None:
        raise LookupError(f"{step.name} has no undo")
    return command_of(function)
