"""A definition as plain data: golden files freeze it, and the API shows it."""

from collections.abc import Callable
from typing import Any, cast, get_type_hints

from counterstep.protocol.messages import Event, FallibleCommand
from counterstep.protocol.naming import routing_key, type_name
from counterstep.saga.definition import Saga
from counterstep.saga.steps import Step, always


def describe(saga: Saga[Any]) -> dict[str, Any]:
    """The shape of the saga, ready for JSON: durations in seconds, steps and messages by their names.

    Commands are named with their version, because the saga sends exactly that one. Events are named without it,
    because the orchestrator reads every version of an event.
    """
    start: type[Event] = saga.starts_on
    return {
        "name": saga.name,
        "version": saga.version,
        "starts_on": routing_key(start),
        "cancelled_by": routing_key(saga.cancelled_by) if saga.cancelled_by else None,
        "stages": [[step.name for step in stage.steps] for stage in saga.stages],
        "pivot": saga.pivot.__name__,
        "retriable": [name for name in saga.steps if name in saga.infallible],
        "steps": {name: _step(saga, step) for name, step in saga.steps.items()},
        "undo": type_name(command_of(saga.undo)),
        "undo_within": saga.undo_within.total_seconds(),
    }


def command_of(function: Callable[..., FallibleCommand]) -> type[FallibleCommand]:
    """The command that the function of a step or of a compensation makes, from its return annotation."""
    return cast(type[FallibleCommand], get_type_hints(function)["return"])


def _step(saga: Saga[Any], step: Step[Any]) -> dict[str, Any]:
    return {
        "command": type_name(command_of(step.do)),
        "undo": type_name(command_of(step.undo)) if step.undo else None,
        "within": step.within.total_seconds(),
        "retry": step.retry,
        "conditional": step.when is not always,
        "inputs": list(saga.inputs[step.name]),
    }
