"""A definition drawn in Mermaid: the states that a run passes through, and who says what to whom."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final, Never

from counterstep.protocol.messages import FallibleCommand
from counterstep.protocol.naming import answers, owner
from counterstep.saga.definition import Saga
from counterstep.saga.description import command_of
from counterstep.saga.steps import Stage, Step, always

ORCHESTRATOR: Final = "orchestrator"
ONLY_SOME: Final = "where it applies"
INDENT: Final = "    "
NEVER: Final[object] = Never


def state_diagram(saga: Saga[Any]) -> str:
    """The states of a run: forward to the one end, or back in reverse to the other. The pivot is drawn bold."""
    return "\n".join(["stateDiagram-v2", *_indented(_states(saga))])


def sequence_diagram(saga: Saga[Any]) -> str:
    """Every command with its answers, between the orchestrator and the services that own the commands."""
    return "\n".join(["sequenceDiagram", *_indented(_conversation(saga))])


def _states(saga: Saga[Any]) -> Iterator[str]:
    forward = [_doing(stage) for stage in saga.stages]
    back = [saga.undo.__name__, *map(_undoing, saga.compensatable)]
    yield from (
        f'state "{_label(stage)}" as {_doing(stage)}' for stage in saga.stages if _label(stage) != _doing(stage)
    )
    yield f"[*] --> {forward[0]}: {saga.starts_on.__name__}"
    yield from (f"{one} --> {following}" for one, following in pairwise(forward))
    yield f"{forward[-1]} --> [*]: completed"
    for stage, (nearest, own) in zip(saga.compensatable, pairwise(back), strict=True):
        if len(stage.steps) == 1:
            yield f"{_doing(stage)} --> {nearest}: refused"
            yield f"{_doing(stage)} --> {own}: in doubt, or called back"
        else:
            yield f"{_doing(stage)} --> {own}: refused, in doubt, or called back"
    yield f"{saga.pivot.__name__} --> {back[-1]}: refused"
    yield from (f"{one} --> {following}" for one, following in pairwise(reversed(back)))
    yield f"{back[0]} --> [*]: compensated"
    yield "classDef pivot font-weight:bold,stroke-width:4px"
    yield f"class {saga.pivot.__name__} pivot"


def _doing(stage: Stage[Any]) -> str:
    return "_and_".join(step.name for step in stage.steps)


def _undoing(stage: Stage[Any]) -> str:
    return "_and_".join(step.undo.__name__ for step in stage.steps if step.undo)


def _label(stage: Stage[Any]) -> str:
    return " and ".join(step.name if _in_every_run(step) else f"{step.name}, {ONLY_SOME}" for step in stage.steps)


def _is_special(stage: Stage[Any]) -> bool:
    return len(stage.steps) > 1 or not all(map(_in_every_run, stage.steps))


def _conversation(saga: Saga[Any]) -> Iterator[str]:
    start = saga.starts_on
    pivot, *after = saga.stages[len(saga.compensatable) :]
    yield from (f"participant {name}" for name in dict.fromkeys([owner(start), ORCHESTRATOR, *_services(saga)]))
    yield f"{owner(start)}-){ORCHESTRATOR}: {start.__name__}"
    yield from _asked(saga.compensatable)
    yield f"Note over {ORCHESTRATOR}: the pivot: once it is done, there is no way back"
    yield from _asked([pivot])
    yield "alt it is done"
    yield from _indented(_asked(after))
    yield "else refused, in doubt or called back: what was done is undone, last first"
    yield from _indented(_taken_back(saga))
    yield "end"


def _asked(stages: Iterable[Stage[Any]]) -> Iterator[str]:
    for stage in stages:
        yield from _at_once(_step(step) for step in stage.steps)


def _taken_back(saga: Saga[Any]) -> Iterator[str]:
    for stage in reversed(saga.compensatable):
        yield from _at_once(_exchange(command_of(step.undo)) for step in stage.steps if step.undo)
    yield from _exchange(command_of(saga.undo))


def _at_once(talks: Iterable[Iterator[str]]) -> Iterator[str]:
    first, *others = talks
    if not others:
        yield from first
        return
    yield "par"
    yield from _indented(first)
    for other in others:
        yield "and"
        yield from _indented(other)
    yield "end"


def _step(step: Step[Any]) -> Iterator[str]:
    exchange = _exchange(command_of(step.do))
    if _in_every_run(step):
        yield from exchange
    else:
        yield f"opt {ONLY_SOME}"
        yield from _indented(exchange)
        yield "end"


def _exchange(command: type[FallibleCommand]) -> Iterator[str]:
    service = owner(command)
    said = " or ".join(answer.__name__ for answer in answers(command) if answer != NEVER)
    yield f"{ORCHESTRATOR}-){service}: {command.__name__}"
    yield f"{service}--){ORCHESTRATOR}: {said}"


def _services(saga: Saga[Any]) -> Iterator[str]:
    undos = (step.undo for step in saga.steps.values() if step.undo)
    yield from (owner(command_of(do)) for do in (*(step.do for step in saga.steps.values()), *undos, saga.undo))


def _in_every_run(step: Step[Any]) -> bool:
    return step.when is always


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"{INDENT}{line}" for line in lines)
