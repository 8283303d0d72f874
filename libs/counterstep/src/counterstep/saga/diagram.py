"""A definition drawn in Mermaid: the states of an instance, and the messages between the services."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final, Never

from counterstep.protocol.messages import FallibleCommand
from counterstep.protocol.naming import answers, owner
from counterstep.saga.definition import Saga
from counterstep.saga.description import command_of
from counterstep.saga.steps import Stage, Step, always

_ORCHESTRATOR: Final = "orchestrator"
_IF: Final = "if it applies"
_INDENT: Final = "    "
_NEVER: Final[object] = Never


def state_diagram(saga: Saga[Any]) -> str:
    """The states of an instance: forward to completion, or back in reverse order. The pivot is drawn bold."""
    return "\n".join(["stateDiagram-v2", *_indented(_states(saga))])


def sequence_diagram(saga: Saga[Any]) -> str:
    """Every command with its replies, between the orchestrator and the services that carry the commands out."""
    return "\n".join(["sequenceDiagram", *_indented(_messages(saga))])


def _states(saga: Saga[Any]) -> Iterator[str]:
    forward = [_doing(stage) for stage in saga.stages]
    back = [saga.undo.__name__, *map(_compensating, saga.compensatable)]
    yield from (
        f'state "{_label(stage)}" as {_doing(stage)}' for stage in saga.stages if _label(stage) != _doing(stage)
    )
    yield f"[*] --> {forward[0]}: {saga.starts_on.__name__}"
    yield from (f"{one} --> {following}" for one, following in pairwise(forward))
    yield f"{forward[-1]} --> [*]: completed"
    for stage, (nearest, own) in zip(saga.compensatable, pairwise(back), strict=True):
        if len(stage.steps) == 1:
            yield f"{_doing(stage)} --> {nearest}: refused"
            yield f"{_doing(stage)} --> {own}: in doubt, or cancelled"
        else:
            yield f"{_doing(stage)} --> {own}: refused, in doubt, or cancelled"
    yield f"{saga.pivot.__name__} --> {back[-1]}: refused"
    yield from (f"{one} --> {following}" for one, following in pairwise(reversed(back)))
    yield f"{back[0]} --> [*]: compensated"
    yield "classDef pivot font-weight:bold,stroke-width:4px"
    yield f"class {saga.pivot.__name__} pivot"


def _doing(stage: Stage[Any]) -> str:
    return "_and_".join(step.name for step in stage.steps)


def _compensating(stage: Stage[Any]) -> str:
    return "_and_".join(step.undo.__name__ for step in reversed(stage.steps) if step.undo)


def _label(stage: Stage[Any]) -> str:
    return " and ".join(_titled(step) for step in stage.steps)


def _titled(step: Step[Any]) -> str:
    return step.name if _is_unconditional(step) else f"{step.name}, {_IF}"


def _messages(saga: Saga[Any]) -> Iterator[str]:
    start = saga.starts_on
    pivot, *after = saga.stages[len(saga.compensatable) :]
    yield from (f"participant {name}" for name in dict.fromkeys([owner(start), _ORCHESTRATOR, *_services(saga)]))
    yield f"{owner(start)}-){_ORCHESTRATOR}: {start.__name__}"
    yield from _forward(saga.compensatable)
    yield f"Note over {_ORCHESTRATOR}: the pivot: once it has succeeded, there is no way back"
    yield from _forward([pivot])
    yield "alt it succeeds"
    yield from _indented(_forward(after))
    yield "else refused, in doubt or cancelled: compensate, last step first"
    yield from _indented(_compensations(saga))
    yield "end"


def _forward(stages: Iterable[Stage[Any]]) -> Iterator[str]:
    for stage in stages:
        yield from _in_parallel(_step(step) for step in stage.steps)


def _compensations(saga: Saga[Any]) -> Iterator[str]:
    for stage in reversed(saga.compensatable):
        yield from _in_parallel(_exchange(command_of(step.undo)) for step in reversed(stage.steps) if step.undo)
    yield from _exchange(command_of(saga.undo))


def _in_parallel(exchanges: Iterable[Iterator[str]]) -> Iterator[str]:
    first, *others = exchanges
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
    if _is_unconditional(step):
        yield from exchange
    else:
        yield f"opt {_IF}"
        yield from _indented(exchange)
        yield "end"


def _exchange(command: type[FallibleCommand]) -> Iterator[str]:
    service = owner(command)
    replies = " or ".join(answer.__name__ for answer in answers(command) if answer != _NEVER)
    yield f"{_ORCHESTRATOR}-){service}: {command.__name__}"
    yield f"{service}--){_ORCHESTRATOR}: {replies}"


def _services(saga: Saga[Any]) -> Iterator[str]:
    undos = (step.undo for step in saga.steps.values() if step.undo)
    yield from (owner(command_of(do)) for do in (*(step.do for step in saga.steps.values()), *undos, saga.undo))


def _is_unconditional(step: Step[Any]) -> bool:
    return step.when is always


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"{_INDENT}{line}" for line in lines)
