"""From an ask to the command that carries it."""

from collections.abc import Mapping

from contracts.base import Refusable, Reply

from saga.ask import Ask
from saga.definition import Saga
from saga.run import Run
from saga.steps import Start


def command(saga: Saga[Start], start: Start, run: Run, ask: Ask, replies: Mapping[str, Reply]) -> Refusable:
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
