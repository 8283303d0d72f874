"""Replies as inputs: a step's function may ask, by type, for the reply of an earlier step."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, get_type_hints

from counterstep.protocol.messages import Reply
from counterstep.protocol.naming import answers
from counterstep.saga.steps import Stage, Step


def wiring(stages: Sequence[Stage[Any]]) -> Mapping[str, tuple[str, ...]]:
    """Step → the earlier steps whose replies its function takes, in the order of its parameters.

    Raises `TypeError` where a parameter is no reply that one step before surely gives.
    """
    earlier: dict[type[Reply], str] = {}
    wired: dict[str, tuple[str, ...]] = {}
    for stage in stages:
        wired |= {step.name: _inputs(step, earlier) for step in stage.steps}
        earlier |= {_success(step): step.name for step in stage.steps}
    return wired


def _inputs(step: Step[Any], earlier: Mapping[type[Reply], str]) -> tuple[str, ...]:
    hints = get_type_hints(step.do)
    wanted = [hints[name] for name in list(inspect.signature(step.do).parameters)[1:]]
    for reply in wanted:
        if reply not in earlier:
            raise TypeError(f"{step.name} asks for {reply.__name__}, which no earlier step answers")
    return tuple(earlier[reply] for reply in wanted)


def _success(step: Step[Any]) -> type[Reply]:
    success: type[Reply] = answers(get_type_hints(step.do)["return"])[0]
    return success
