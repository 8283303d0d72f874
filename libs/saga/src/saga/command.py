"""From an ask to the command that carries it."""

from contracts.base import Refusable

from saga.definition import Saga, Start
from saga.heard import Ask
from saga.run import Run


def command(saga: Saga[Start], start: Start, run: Run, ask: Ask) -> Refusable:
    """The message that asks for this step in this direction."""
    if ask.step == saga.name:
        return saga.undo(start, run.reason or "")
    step = saga.steps[ask.step]
    if ask.direction == "forward":
        return step.do(start)
    if step.undo is None:
        raise ValueError(f"{ask.step} has no compensation")
    return step.undo(start)
