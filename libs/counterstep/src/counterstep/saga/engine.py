"""The engine: what follows from each thing heard. Pure: no clock, no broker, no database.

- Forward, stage by stage; a refusal before or at the pivot turns the saga back. So may a cancellation until the
  pivot is asked for; what is awaited then is in doubt.
- Before the pivot, silence is doubt: the silent step is undone too. From the pivot on, and on the way back,
  silence means asking again, for ever.
- Back, in reverse order, for every step that succeeded or may have; last comes the saga's own undo. One
  compensation waits for the one before it, but not for ever: one that stays silent is asked again on the side.
- An answer counts only for the attempt that is awaited; any other is written down and changes nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

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


def begin(saga: AnySaga, *, skipped: Iterable[str] = ()) -> Transition:
    """A new run of the saga, without the skipped steps, and what it asks for first."""
    run = Instance({step: StepState(Phase.SKIPPED) for step in skipped})
    return _onward(saga, run, _of_whole(saga, HistoryEvent.STARTED))


def advance(saga: AnySaga, run: Instance, heard: Input) -> Transition:
    """What follows from one thing heard."""
    match heard:
        case Cancelled():
            return _cancelled(saga, run, heard)
        case ResendRequested():
            return _nudged(saga, run, heard)
        case _ if heard.ask not in run.awaited:
            return _ignored(run, heard)
        case Succeeded(ask=ask):
            phase = Phase.DONE if ask.direction == "forward" else Phase.UNDONE
            return _onward(
                saga, run.with_step(ask.step, phase, ask.attempt), HistoryEntry(HistoryEvent.SUCCEEDED, ask)
            )
        case Refused():
            return _refused(saga, run, heard)
        case TimedOut(ask=ask):
            return _silent(saga, run, ask)


def is_past_pivot(saga: AnySaga, run: Instance) -> bool:
    """Whether the pivot has been asked for, after which nobody can call the saga back."""
    return run.phase(saga.pivot.__name__) is not None


def _cancelled(saga: AnySaga, run: Instance, heard: Cancelled) -> Transition:
    if run.turn or is_past_pivot(saga, run):
        return Transition(
            run, notes=(_of_whole(saga, HistoryEvent.IGNORED, f"{heard.cause}, too late: {heard.reason}"),)
        )
    turned = run.turned(Abort(heard.cause, heard.reason))
    for step, state in run.steps.items():
        if state.awaited:  # its answer is not waited for: whether it was done or not, its undo makes it undone
            turned = turned.with_step(step, Phase.IN_DOUBT, state.attempt)
    return _onward(saga, turned, _of_whole(saga, HistoryEvent.TURNED_BACK, heard.reason))


def _nudged(saga: AnySaga, run: Instance, heard: ResendRequested) -> Transition:
    awaited = [_again(step, state) for step, state in run.steps.items() if state.awaited]
    if not awaited:
        return Transition(
            run, notes=(_of_whole(saga, HistoryEvent.IGNORED, f"nothing is awaited: {heard.reason}"),)
        )
    return _onward(saga, run, _of_whole(saga, HistoryEvent.NUDGED, heard.reason), again=awaited)


def _refused(saga: AnySaga, run: Instance, heard: Refused) -> Transition:
    ask, reason, code = heard.ask, heard.reason, heard.code
    if ask.direction == "compensation" or ask.step in saga.certain:
        return Transition(
            run, notes=(HistoryEntry(HistoryEvent.IGNORED, ask, f"refused, which it cannot: {reason}", code),)
        )
    refused = run.with_step(ask.step, Phase.REFUSED, ask.attempt).turned(Abort(AbortCause.REFUSED, reason, code))
    return _onward(saga, refused, HistoryEntry(HistoryEvent.REFUSED, ask, reason, code))


def _silent(saga: AnySaga, run: Instance, ask: Attempt) -> Transition:
    step = saga.steps.get(ask.step)
    if ask.direction == "forward" and step and step.undo and ask.attempt > step.retry:
        turn = Abort(AbortCause.SILENCE, f"{ask.step} was not answered in time")
        doubtful = run.with_step(ask.step, Phase.IN_DOUBT, ask.attempt).turned(turn)
        return _onward(saga, doubtful, HistoryEntry(HistoryEvent.IN_DOUBT, ask))
    return _onward(saga, run, again=[_again(ask.step, run.steps[ask.step])])


def _ignored(run: Instance, heard: AttemptOutcome) -> Transition:
    match heard:
        case TimedOut():
            return Transition(run)
        case Succeeded(ask=ask):
            return Transition(run, notes=(HistoryEntry(HistoryEvent.IGNORED, ask, "succeeded"),))
        case Refused(ask=ask, reason=reason, code=code):
            return Transition(run, notes=(HistoryEntry(HistoryEvent.IGNORED, ask, f"refused: {reason}", code),))


def _onward(
    saga: AnySaga, run: Instance, note: HistoryEntry | None = None, *, again: Iterable[Attempt] = ()
) -> Transition:
    """Ask again for what was silent and for whatever is due now, or note the end."""
    heard = (note,) if note else ()
    asked_again = _asking(run, again)
    run = asked_again.run
    asked = _asking(run, [Attempt(step, direction) for step, direction in _due(saga, run)])
    ending = {Status.COMPLETED: HistoryEvent.COMPLETED, Status.COMPENSATED: HistoryEvent.COMPENSATED}.get(
        run.status(saga)
    )
    why = run.turn.reason if run.turn else None
    end = (_of_whole(saga, ending, why),) if ending else ()
    return Transition(
        asked.run, (*asked_again.asks, *asked.asks), (*heard, *asked_again.notes, *asked.notes, *end)
    )


def _due(saga: AnySaga, run: Instance) -> Iterator[tuple[str, Direction]]:
    """The steps to ask for now: none while an answer is awaited that holds them up."""
    if any(state.holds_up for state in run.steps.values()):
        return
    if not run.turn:
        yield from ((step.name, "forward") for step in _next_stage(saga, run))
    elif undoable := _last_stage_to_undo(saga, run):
        yield from ((step, "compensation") for step in undoable)
    elif run.phase(saga.name) is None:
        yield saga.name, "compensation"


def _next_stage(saga: AnySaga, run: Instance) -> list[Step[Any]]:
    unbegun = ([step for step in stage.steps if run.phase(step.name) is None] for stage in saga.stages)
    return next(filter(None, unbegun), [])


def _last_stage_to_undo(saga: AnySaga, run: Instance) -> list[str]:
    return next(filter(None, (_to_undo(stage, run) for stage in reversed(saga.stages))), [])


def _to_undo(stage: Stage[Any], run: Instance) -> list[str]:
    undoable = {Phase.DONE, Phase.IN_DOUBT}
    return [step.name for step in stage.steps if step.undo and run.phase(step.name) in undoable]


def _of_whole(saga: AnySaga, event: HistoryEvent, detail: str | None = None) -> HistoryEntry:
    return HistoryEntry(event, Attempt(saga.name, "forward"), detail)


def _again(step: str, state: StepState) -> Attempt:
    return Attempt(step, state.awaited or "forward", state.attempt + 1)


def _asking(run: Instance, asks: Iterable[Attempt]) -> Transition:
    asks = tuple(asks)
    for ask in asks:
        phase = Phase.ASKED if ask.direction == "forward" else Phase.UNDOING
        run = run.with_step(ask.step, phase, ask.attempt)
    return Transition(run, asks, tuple(HistoryEntry(HistoryEvent.ASKED, ask) for ask in asks))
