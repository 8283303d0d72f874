"""The engine: what follows from each thing heard. Pure: no clock, no broker, no database.

- Forward, stage by stage; a refusal before or at the pivot turns the saga back.
- Before the pivot, silence is doubt: the silent step is undone too. From the pivot on, and on the way back,
  silence means asking again, for ever.
- Back, in reverse order, for every step that succeeded or may have; last comes the saga's own undo.
- An answer counts only for the attempt that is awaited; any other is written down and changes nothing.
"""

from collections.abc import Iterator
from typing import Any

from contracts.protocol import Direction

from saga.definition import Saga, Stage
from saga.heard import Advanced, Ask, Event, Heard, Note, Refused, Silent, Succeeded
from saga.run import Phase, Run, Status

AnySaga = Saga[Any]


def begin(saga: AnySaga) -> Advanced:
    """A new run of the saga, with what it asks for first."""
    return _onward(saga, Run(), Note(Event.STARTED, Ask(saga.name, "forward")))


def advance(saga: AnySaga, run: Run, heard: Heard) -> Advanced:
    """What follows from one thing heard."""
    ask = heard.ask
    state = run.steps.get(ask.step)
    if state is None or (state.awaited, state.attempt) != (ask.direction, ask.attempt):
        return _ignored(run, heard)
    match heard:
        case Succeeded():
            phase = Phase.DONE if ask.direction == "forward" else Phase.UNDONE
            return _onward(saga, run.with_step(ask.step, phase, ask.attempt), Note(Event.SUCCEEDED, ask))
        case Refused(reason=reason):
            return _refused(saga, run, ask, reason)
        case Silent():
            return _silent(saga, run, ask)


def _refused(saga: AnySaga, run: Run, ask: Ask, reason: str) -> Advanced:
    if not _may_turn_back(saga, ask):
        return Advanced(run, notes=(Note(Event.IGNORED, ask, f"refused, which it cannot: {reason}"),))
    turned = run.with_step(ask.step, Phase.REFUSED, ask.attempt).turned_back(reason)
    return _onward(saga, turned, Note(Event.REFUSED, ask, reason))


def _silent(saga: AnySaga, run: Run, ask: Ask) -> Advanced:
    if ask.direction == "forward" and saga.steps[ask.step].undo is not None:
        turned = run.with_step(ask.step, Phase.IN_DOUBT, ask.attempt).turned_back(
            f"{ask.step} was not answered in time"
        )
        return _onward(saga, turned, Note(Event.IN_DOUBT, ask))
    return _asking(run, [Ask(ask.step, ask.direction, ask.attempt + 1)], ())


def _ignored(run: Run, heard: Heard) -> Advanced:
    match heard:
        case Silent():
            return Advanced(run)
        case Succeeded(ask=ask):
            return Advanced(run, notes=(Note(Event.IGNORED, ask, "succeeded"),))
        case Refused(ask=ask, reason=reason):
            return Advanced(run, notes=(Note(Event.IGNORED, ask, f"refused: {reason}"),))


def _onward(saga: AnySaga, run: Run, note: Note) -> Advanced:
    """Ask for whatever is due now, or note the end."""
    asks = [Ask(step, direction) for step, direction in _due(saga, run)]
    status = run.status(saga)
    ending = {Status.COMPLETED: Event.COMPLETED, Status.COMPENSATED: Event.COMPENSATED}.get(status)
    notes = (note, Note(ending, Ask(saga.name, "forward"), run.reason)) if ending else (note,)
    return _asking(run, asks, notes)


def _due(saga: AnySaga, run: Run) -> Iterator[tuple[str, Direction]]:
    """The steps to ask for now: none while the current stage still awaits an answer."""
    if any(state.awaited for state in run.steps.values()):
        return
    if run.reason is None:
        yield from ((step.name, "forward") for step in _next_stage(saga, run))
    elif undoable := _last_stage_to_undo(saga, run):
        yield from ((step, "compensation") for step in undoable)
    elif run.phase(saga.name) is None:
        yield saga.name, "compensation"


def _next_stage(saga: AnySaga, run: Run) -> tuple[Any, ...]:
    unfinished = (stage for stage in saga.stages if any(run.phase(step.name) is None for step in stage.steps))
    return next((stage.steps for stage in unfinished), ())


def _last_stage_to_undo(saga: AnySaga, run: Run) -> list[str]:
    return next(filter(None, (_to_undo(stage, run) for stage in reversed(saga.stages))), [])


def _to_undo(stage: Stage[Any], run: Run) -> list[str]:
    return [
        step.name for step in stage.steps if step.undo and run.phase(step.name) in {Phase.DONE, Phase.IN_DOUBT}
    ]


def _may_turn_back(saga: AnySaga, ask: Ask) -> bool:
    """Only what comes before the pivot, and the pivot itself, may refuse."""
    retriable = {do.__name__ for do in saga.retriable}
    return ask.direction == "forward" and ask.step not in retriable


def _asking(run: Run, asks: list[Ask], notes: tuple[Note, ...]) -> Advanced:
    for ask in asks:
        phase = Phase.ASKED if ask.direction == "forward" else Phase.UNDOING
        run = run.with_step(ask.step, phase, ask.attempt)
    return Advanced(run, tuple(asks), (*notes, *(Note(Event.ASKED, ask) for ask in asks)))
