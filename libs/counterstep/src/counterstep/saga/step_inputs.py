"""Replies as inputs: the function of a step may take the reply of an earlier step, named by its type."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, get_type_hints

from counterstep.protocol.messages import Reply
from counterstep.protocol.naming import answers
from counterstep.saga.steps import Stage, Step


def inputs_by_step(stages: Sequence[Stage[Any]]) -> Mapping[str, tuple[str, ...]]:
    """For each step, the earlier steps whose replies its function takes, in the order of its parameters.

    Steps of one stage are sent at once, so none is given the reply of another. Raises `TypeError` for a parameter
    whose type is not the successful reply of an earlier step.
    """
    given_by: dict[type[Reply], str] = {}
    inputs: dict[str, tuple[str, ...]] = {}
    for stage in stages:
        inputs |= {step.name: _inputs(step, given_by) for step in stage.steps}
        given_by |= {_success(step): step.name for step in stage.steps}
    return inputs


def _inputs(step: Step[Any], given_by: Mapping[type[Reply], str]) -> tuple[str, ...]:
    hints = get_type_hints(step.do)
    _, *parameters = inspect.signature(step.do).parameters  # the first one is the start event
    replies = [hints[name] for name in parameters]
    for reply in replies:
        if reply not in given_by:
            raise TypeError(f"{step.name} takes {reply.__name__}, which is the reply of no earlier step")
    return tuple(given_by[reply] for reply in replies)


def _success(step: Step[Any]) -> type[Reply]:
    success: type[Reply] = answers(get_type_hints(step.do)["return"])[0]
    return success
