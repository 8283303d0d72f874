"""The production functions with one decision made wrongly."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from counterstep.protocol.barrier import EffectKey, deduplicate
from counterstep.protocol.messages import Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.engine import advance, is_past_pivot
from counterstep.saga.instance import Instance, Phase
from counterstep.saga.transition import Cancelled, Input, Refused, ResendRequested, Succeeded, TimedOut, Transition


def any_answer_counts(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """An answer that a step gives is taken for the one that is awaited of it."""
    if isinstance(heard, Succeeded | Refused) and (state := run.steps.get(heard.attempt.step)) and state.pending:
        heard = replace(heard, attempt=Attempt(heard.attempt.step, state.pending, state.attempt_number))
    return advance(saga, run, heard)


def any_attempt_counts(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """An answer to an earlier attempt is taken for one to the attempt that is awaited."""
    if isinstance(heard, Succeeded | Refused) and (state := run.steps.get(heard.attempt.step)):
        heard = replace(heard, attempt=replace(heard.attempt, number=state.attempt_number))
    return advance(saga, run, heard)


def silence_is_a_no(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """A silent step before the pivot is taken for refused, and not undone."""
    if isinstance(heard, TimedOut) and _is_before_pivot(saga, heard.attempt):
        return advance(saga, run, Refused(heard.attempt, "no answer"))
    return advance(saga, run, heard)


def silence_of_the_pivot_is_a_no(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """A silent pivot is taken for refused, and all before it is undone."""
    if isinstance(heard, TimedOut) and heard.attempt.step == saga.pivot.__name__:
        return advance(saga, run, Refused(heard.attempt, "no answer"))
    return advance(saga, run, heard)


def silence_is_ignored(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """No command is sent again."""
    return Transition(run) if isinstance(heard, TimedOut | ResendRequested) else advance(saga, run, heard)


def cancelled_at_any_time(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """A cancellation aborts the saga although its pivot's command was sent."""
    if isinstance(heard, Cancelled) and is_past_pivot(saga, run):
        before = {step: state for step, state in run.steps.items() if step in _before_pivot(saga)}
        return advance(saga, replace(run, steps=before), heard)
    return advance(saga, run, heard)


def cancelled_without_doubt(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """A cancellation takes what is awaited for not done."""
    if isinstance(heard, Cancelled) and not is_past_pivot(saga, run):
        awaited = {step: replace(state, phase=Phase.REFUSED) for step, state in run.steps.items() if state.pending}
        return advance(saga, replace(run, steps={**run.steps, **awaited}), heard)
    return advance(saga, run, heard)


def undone_first_to_last(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """Compensations are sent in the order of the steps."""
    backwards = replace(saga, compensatable=tuple(reversed(saga.compensatable)))
    return advance(backwards, run, heard)


def group_is_left_alone(saga: Saga[Any], run: Instance, heard: Input) -> Transition:
    """On the first no of a group the others are taken for refused as well, and not waited for."""
    after = advance(saga, run, heard)
    for step, state in after.instance.steps.items():
        if after.instance.abort and state.phase is Phase.PENDING:
            ignored = Attempt(step, "forward", state.attempt_number)
            rest = advance(saga, after.instance, Refused(ignored, "not waited for"))
            return replace(rest, attempts=(*after.attempts, *rest.attempts))
    return after


def no_tombstone(
    key: EffectKey, known: Mapping[EffectKey, Reply], handle: Callable[[], Reply]
) -> dict[EffectKey, Reply]:
    """A compensation leaves its action's place free."""
    return {place: reply for place, reply in deduplicate(key, known, handle).items() if place == key}


def still_owed(
    key: EffectKey, known: Mapping[EffectKey, Reply], handle: Callable[[], Reply]
) -> dict[EffectKey, Reply]:
    """A compensation leaves open what was taken on and not decided."""
    return {place: reply for place, reply in deduplicate(key, known, handle).items() if place not in known}


def nothing_is_known(
    key: EffectKey, known: Mapping[EffectKey, Reply], handle: Callable[[], Reply]
) -> dict[EffectKey, Reply]:
    """A command that was handled before is handled again."""
    return deduplicate(key, {}, handle) if key in known else deduplicate(key, known, handle)


def _before_pivot(saga: Saga[Any]) -> set[str]:
    return {step.name for stage in saga.compensatable for step in stage.steps}


def _is_before_pivot(saga: Saga[Any], ask: Attempt) -> bool:
    return ask.direction == "forward" and ask.step in _before_pivot(saga)
