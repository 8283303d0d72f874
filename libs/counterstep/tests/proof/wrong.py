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


def any_answer_counts(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """Any reply of a step counts as the reply to its pending attempt."""
    if (
        isinstance(input_, Succeeded | Refused)
        and (state := instance.steps.get(input_.attempt.step))
        and state.pending
    ):
        input_ = replace(input_, attempt=Attempt(input_.attempt.step, state.pending, state.attempt_number))
    return advance(saga, instance, input_)


def any_attempt_counts(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """A reply to an earlier attempt counts as the reply to the pending one."""
    if isinstance(input_, Succeeded | Refused) and (state := instance.steps.get(input_.attempt.step)):
        input_ = replace(input_, attempt=replace(input_.attempt, number=state.attempt_number))
    return advance(saga, instance, input_)


def timeout_is_a_refusal(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """A step before the pivot that times out is taken for refused, and not compensated."""
    if isinstance(input_, TimedOut) and _is_before_pivot(saga, input_.attempt):
        return advance(saga, instance, Refused(input_.attempt, "no answer"))
    return advance(saga, instance, input_)


def timeout_of_the_pivot_is_a_refusal(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """A pivot that times out is taken for refused, and all before it is compensated."""
    if isinstance(input_, TimedOut) and input_.attempt.step == saga.pivot.__name__:
        return advance(saga, instance, Refused(input_.attempt, "no answer"))
    return advance(saga, instance, input_)


def timeouts_are_ignored(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """No command is sent again."""
    return (
        Transition(instance) if isinstance(input_, TimedOut | ResendRequested) else advance(saga, instance, input_)
    )


def cancelled_at_any_time(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """A cancellation aborts the saga although its pivot's command was sent."""
    if isinstance(input_, Cancelled) and is_past_pivot(saga, instance):
        before = {step: state for step, state in instance.steps.items() if step in _before_pivot(saga)}
        return advance(saga, replace(instance, steps=before), input_)
    return advance(saga, instance, input_)


def cancelled_without_doubt(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """A cancellation takes pending steps for not done."""
    if isinstance(input_, Cancelled) and not is_past_pivot(saga, instance):
        pending = {
            step: replace(state, phase=Phase.REFUSED) for step, state in instance.steps.items() if state.pending
        }
        return advance(saga, replace(instance, steps={**instance.steps, **pending}), input_)
    return advance(saga, instance, input_)


def undone_first_to_last(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """Compensations are sent in the order of the steps."""
    backwards = replace(saga, compensatable=tuple(reversed(saga.compensatable)))
    return advance(backwards, instance, input_)


def group_is_left_alone(saga: Saga[Any], instance: Instance, input_: Input) -> Transition:
    """On the first no of a group the others are taken for refused as well, and not waited for."""
    after = advance(saga, instance, input_)
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


def reply_stays_pending(
    key: EffectKey, known: Mapping[EffectKey, Reply], handle: Callable[[], Reply]
) -> dict[EffectKey, Reply]:
    """A compensation leaves a deferred reply pending."""
    return {place: reply for place, reply in deduplicate(key, known, handle).items() if place not in known}


def nothing_is_known(
    key: EffectKey, known: Mapping[EffectKey, Reply], handle: Callable[[], Reply]
) -> dict[EffectKey, Reply]:
    """A command that was handled before is handled again."""
    return deduplicate(key, {}, handle) if key in known else deduplicate(key, known, handle)


def _before_pivot(saga: Saga[Any]) -> set[str]:
    return {step.name for stage in saga.compensatable for step in stage.steps}


def _is_before_pivot(saga: Saga[Any], attempt: Attempt) -> bool:
    return attempt.direction == "forward" and attempt.step in _before_pivot(saga)


def anybody_answers(_: Saga[Any], __: Attempt, ___: type[Reply], ____: str) -> None:
    """A reply counts, from any sender."""
