"""From an ask to the command that carries it."""

from collections.abc import Mapping

from counterstep.protocol.messages import FallibleCommand, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.instance import Instance
from counterstep.saga.steps import Start


def command_for(
    saga: Saga[Start], start: Start, run: Instance, ask: Attempt, replies: Mapping[str, Reply]
) -> FallibleCommand:
    """The message that asks for this step in this direction; `replies` are those of earlier steps, by step."""
    if ask.step == saga.name:
        if run.turn is None:
            raise ValueError(f"{saga.name} has not turned back")
        return saga.undo(start, run.turn)
    step = saga.steps[ask.step]
    if ask.direction == "forward":
        return step.do(start, *(replies[earlier] for earlier in saga.inputs[ask.step]))
    if step.undo is None:
        raise ValueError(f"{ask.step} has no compensation")
    return step.undo(start)
