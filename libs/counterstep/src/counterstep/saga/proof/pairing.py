"""What a definition's commands say of its steps: which may be refused, and what each undo takes back.

The types rule most flaws out, where a type checker looks at the definition. The search takes nothing on trust: it
reads the commands that the functions return, and plays participants that do just what these commands mean.
"""

from collections.abc import Iterator
from typing import Any, Final, Never

from counterstep.protocol.naming import answers, owner
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_sent
from counterstep.saga.definition import Saga
from counterstep.saga.description import command_of
from counterstep.saga.steps import always

NEVER: Final[object] = Never


def may_be_refused(saga: Saga[Any], attempt: Attempt) -> bool:
    """Whether the command declares a refusal."""
    return answers(command_sent(saga, attempt))[1] != NEVER


def is_undone_elsewhere(saga: Saga[Any], step: str) -> bool:
    """Whether the step's undo goes to another service than the step, whose inbox knows nothing of the step."""
    undo = saga.steps[step].undo if step in saga.steps else None
    return undo is not None and owner(command_of(undo)) != owner(command_of(saga.steps[step].do))


def flaw_of_undo(saga: Saga[Any], name: str) -> str | None:
    """Why the undo of this step does not take back what the step did; `None` where it does.

    An undo belongs to the first step that declares it. Steps share one only if they also share their command.
    """
    step = saga.steps.get(name)
    if step is None:  # the saga's own undo takes nothing back: it records the end
        return None
    if step.undo is None:
        return f"{name} has no undo"
    action, undo = command_of(step.do), command_of(step.undo)
    if is_undone_elsewhere(saga, name):
        return (
            f"the undo of {name} is {undo.__name__}, a command of {owner(undo)}; what {name} did is with"
            f" {owner(action)}"
        )
    if repeated := next((other.name for other in saga.steps.values() if command_of(other.do) is undo), None):
        return f"the undo of {name} is {undo.__name__}, which does {repeated} instead of taking something back"
    first = next(other for other in saga.steps.values() if other.undo and command_of(other.undo) is undo)
    if command_of(first.do) is not action:
        return f"the undo of {name} is {undo.__name__}, which takes back {first.name}: give {name} its own"
    return None


def flaws(saga: Saga[Any]) -> Iterator[str]:
    """Everything in the definition that can do harm, a sentence each: where to look once harm was found."""
    for stage in saga.compensatable:
        for step in stage.steps:
            if flaw := flaw_of_undo(saga, step.name):
                yield flaw
            elif may_be_refused(saga, undoing := Attempt(step.name, "compensation")):
                yield f"the undo of {step.name} is {command_sent(saga, undoing).__name__}, which may be refused"
    for name in sorted(saga.infallible, key=list(saga.steps).index):
        if may_be_refused(saga, after := Attempt(name, "forward")):
            yield (
                f"{name} comes after the pivot {saga.pivot.__name__}, and its command"
                f" {command_sent(saga, after).__name__} may be refused: the pivot is too early"
            )
    for name, inputs in saga.inputs.items():
        for earlier in inputs:
            if (when := saga.steps[earlier].when) not in {always, saga.steps[name].when}:
                yield (
                    f"{name} takes the reply of {earlier}, which is left out where {when.__name__} says no:"
                    f" give both the same `when`, or let {name} do without this reply"
                )
