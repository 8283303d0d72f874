"""The engine: what follows from each input. Pure: no clock, no broker, no database.

- Forward, stage by stage. A refusal before or at the pivot aborts the instance; so does a cancellation before the
  pivot is sent. Steps that are pending at a cancellation are in doubt.
- A timeout before the pivot puts the step in doubt, after its retries, and aborts the instance: the step in doubt
  is compensated like one that succeeded. From the pivot on, and for compensations, a timeout means a resend,
  for as long as it takes.
- Rolling back: the compensations of all steps that succeeded or may have, last step first, those of parallel steps
  at once; the saga's own compensation comes last. A stage waits for the compensations of the one after it, but
  only during their first attempt: one that times out is retried on the side and holds up nobody.
- A reply counts only for the pending attempt. Any other is entered in the history and changes nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from counterstep.protocol.answers import Direction
from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.instance import Instance, Phase, Status, StepState
from counterstep.saga.steps import Stage, Step
from counterstep.saga.transition import (
    AttemptOutcome,
    Cancelled,
    HistoryEntry,
    HistoryEvent,
    Input,
    Refused,
    ResendRequested,
    Succeeded,
    TimedOut,
    Transition,
)

AnySaga: TypeAlias = Saga[Any]

_LAST_EVENT: Final = {
    Status.COMPLETED: HistoryEvent.COMPLETED,
    Status.COMPENSATED: HistoryEvent.COMPENSATED,
}


def begin(saga: AnySaga, *, skipped: Iterable[str] = ()) -> Transition:
    """The first transition of a new instance, which leaves out the `skipped` steps (see `Saga.skipped`)."""
    instance = Instance({step: StepState(Phase.SKIPPED) for step in skipped})
    return _proceed(saga, instance, _saga_entry(saga, HistoryEvent.STARTED))


def advance(saga: AnySaga, instance: Instance, input_: Input) -> Transition:
    """What follows from one input. Any input may come at any time: late, twice, before another one."""
    match input_:
        case Cancelled():
            return _cancelled(saga, instance, input_)
        case ResendRequested():
            return _resend_requested(saga, instance, input_)
        case _ if input_.attempt not in instance.pending:
            return _ignored(instance, input_)
        case Succeeded(attempt=attempt):
            return _succeeded(saga, instance, attempt)
        case Refused():
            return _refused(saga, instance, input_)
        case TimedOut(attempt=attempt):
            return _timed_out(saga, instance, attempt)


def is_past_pivot(saga: AnySaga, instance: Instance) -> bool:
    """Whether the pivot was sent. From then on the instance cannot be cancelled."""
    return instance.phase(saga.pivot.__name__) is not None


def _cancelled(saga: AnySaga, instance: Instance, cancelled: Cancelled) -> Transition:
    if instance.abort or is_past_pivot(saga, instance):
        too_late = f"{cancelled.cause}, too late: {cancelled.reason}"
        return Transition(instance, entries=(_saga_entry(saga, HistoryEvent.IGNORED, too_late),))
    aborted = instance.aborted(Abort(cancelled.cause, cancelled.reason))
    for step, state in instance.steps.items():
        if state.pending:  # its reply is not waited for: the compensation is right whether it took effect or not
            aborted = aborted.with_step(step, Phase.IN_DOUBT, state.attempt_number)
    return _proceed(saga, aborted, _saga_entry(saga, HistoryEvent.ABORTED, cancelled.reason))


def _resend_requested(saga: AnySaga, instance: Instance, request: ResendRequested) -> Transition:
    resends = [_resend(step, state) for step, state in instance.steps.items() if state.pending]
    if not resends:
        in_vain = f"nothing is awaited: {request.reason}"
        return Transition(instance, entries=(_saga_entry(saga, HistoryEvent.IGNORED, in_vain),))
    return _proceed(saga, instance, _saga_entry(saga, HistoryEvent.RESENT, request.reason), resends=resends)


def _succeeded(saga: AnySaga, instance: Instance, attempt: Attempt) -> Transition:
    phase = Phase.DONE if attempt.direction == "forward" else Phase.COMPENSATED
    succeeded = instance.with_step(attempt.step, phase, attempt.number)
    return _proceed(saga, succeeded, HistoryEntry(HistoryEvent.SUCCEEDED, attempt))


def _refused(saga: AnySaga, instance: Instance, refused: Refused) -> Transition:
    attempt, reason, code = refused.attempt, refused.reason, refused.code
    if attempt.direction == "compensation" or attempt.step in saga.infallible:
        impossible = f"refused, which it cannot: {reason}"
        return Transition(instance, entries=(HistoryEntry(HistoryEvent.IGNORED, attempt, impossible, code),))
    aborted = instance.with_step(attempt.step, Phase.REFUSED, attempt.number).aborted(
        Abort(AbortCause.REFUSED, reason, code)
    )
    return _proceed(saga, aborted, HistoryEntry(HistoryEvent.REFUSED, attempt, reason, code))


def _timed_out(saga: AnySaga, instance: Instance, attempt: Attempt) -> Transition:
    step = saga.steps.get(attempt.step)
    if attempt.direction == "forward" and step and step.undo and attempt.number > step.retry:
        abort = Abort(AbortCause.TIMEOUT, f"{attempt.step} was not answered in time")
        aborted = instance.with_step(attempt.step, Phase.IN_DOUBT, attempt.number).aborted(abort)
        return _proceed(saga, aborted, HistoryEntry(HistoryEvent.IN_DOUBT, attempt))
    return _proceed(saga, instance, resends=[_resend(attempt.step, instance.steps[attempt.step])])


def _ignored(instance: Instance, outcome: AttemptOutcome) -> Transition:
    match outcome:
        case TimedOut():  # the reply was faster than its deadline, which is nothing to report
            return Transition(instance)
        case Succeeded(attempt=attempt):
            return Transition(instance, entries=(HistoryEntry(HistoryEvent.IGNORED, attempt, "succeeded"),))
        case Refused(attempt=attempt, reason=reason, code=code):
            late = HistoryEntry(HistoryEvent.IGNORED, attempt, f"refused: {reason}", code)
            return Transition(instance, entries=(late,))


def _proceed(
    saga: AnySaga, instance: Instance, entry: HistoryEntry | None = None, *, resends: Iterable[Attempt] = ()
) -> Transition:
    """Send the resends, then whatever has become due, and enter the end where this is it."""
    resent = _send(instance, resends)
    sent = _send(resent.instance, list(_due(saga, resent.instance)))
    first = (entry,) if entry else ()
    return Transition(
        sent.instance,
        (*resent.attempts, *sent.attempts),
        (*first, *resent.entries, *sent.entries, *_end(saga, sent.instance)),
    )


def _send(instance: Instance, attempts: Iterable[Attempt]) -> Transition:
    attempts = tuple(attempts)
    for attempt in attempts:
        phase = Phase.PENDING if attempt.direction == "forward" else Phase.COMPENSATING
        instance = instance.with_step(attempt.step, phase, attempt.number)
    return Transition(instance, attempts, tuple(HistoryEntry(HistoryEvent.SENT, each) for each in attempts))


def _resend(step: str, state: StepState) -> Attempt:
    return Attempt(step, state.pending or "forward", state.attempt_number + 1)


def _due(saga: AnySaga, instance: Instance) -> Iterator[Attempt]:
    """The first attempts that can be sent now: none while a pending one blocks them."""
    if any(state.blocks for state in instance.steps.values()):
        return
    direction: Direction = "compensation" if instance.abort else "forward"
    yield from (Attempt(step, direction) for step in _next_steps(saga, instance))


def _next_steps(saga: AnySaga, instance: Instance) -> Iterable[str]:
    if not instance.abort:
        return [step.name for step in _next_stage(saga, instance)]
    if to_compensate := _last_stage_to_compensate(saga, instance):
        return to_compensate
    return [saga.name] if instance.phase(saga.name) is None else []


def _next_stage(saga: AnySaga, instance: Instance) -> list[Step[Any]]:
    not_begun = ([step for step in stage.steps if instance.phase(step.name) is None] for stage in saga.stages)
    return next(filter(None, not_begun), [])


def _last_stage_to_compensate(saga: AnySaga, instance: Instance) -> list[str]:
    return next(filter(None, (_to_compensate(stage, instance) for stage in reversed(saga.stages))), [])


def _to_compensate(stage: Stage[Any], instance: Instance) -> list[str]:
    effective = {Phase.DONE, Phase.IN_DOUBT}
    return [step.name for step in reversed(stage.steps) if step.undo and instance.phase(step.name) in effective]


def _end(saga: AnySaga, instance: Instance) -> Iterator[HistoryEntry]:
    if event := _LAST_EVENT.get(instance.status(saga)):
        yield _saga_entry(saga, event, instance.abort.reason if instance.abort else None)


def _saga_entry(saga: AnySaga, event: HistoryEvent, detail: str | None = None) -> HistoryEntry:
    return HistoryEntry(event, Attempt(saga.name, "forward"), detail)
