"""A service that sends anything in its own name, at any time and again and again.

What it sends is judged by the definition alone, before any instance sees it (`counterstep.saga.answering`). So the
search begins with all that passes on its way: what is stopped there could never change a world.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final, get_args

from counterstep.protocol.answers import Abandoned, Direction
from counterstep.protocol.messages import Refusal, Reply
from counterstep.protocol.naming import answers, owner
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_sent
from counterstep.saga.definition import Saga
from counterstep.saga.proof.messages import Answer, Command
from counterstep.saga.proof.participants import NO, YES
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope

_DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)


def words(safeguards: Safeguards, scope: Scope) -> Iterator[Answer | Command]:
    """What of all that the adversary may say gets past the checks of who sent it; nothing where there is none."""
    if not scope.adversary:
        return
    for attempt in _attempts(scope):
        for reply in _replies(scope.saga):
            if safeguards.objection(scope.saga, attempt, reply, scope.adversary) is None:
                yield Answer(attempt, NO if issubclass(reply, Refusal) else YES)
        if not safeguards.checks_commands:
            yield Command(attempt)


def is_honest(scope: Scope, step: str) -> bool:
    """Whether the step and its compensation belong to services that are not the adversary.

    Of its own steps it may say what it likes: nobody else can know better.
    """
    return all(owner(command_sent(scope.saga, each)) != scope.adversary for each in _sent(scope.saga, step))


def _attempts(scope: Scope) -> Iterator[Attempt]:
    numbers = range(1, scope.attempts + 1)
    for step, direction, number in product((*scope.saga.steps, scope.saga.name), _DIRECTIONS, numbers):
        if Attempt(step, direction) in _sent(scope.saga, step):
            yield Attempt(step, direction, number)


def _sent(saga: Saga[Any], step: str) -> tuple[Attempt, ...]:
    """The attempts at the step for which the saga has a command."""
    forward, compensation = Attempt(step, "forward"), Attempt(step, "compensation")
    if step == saga.name:
        return (compensation,)
    return (forward, compensation) if saga.steps[step].undo else (forward,)


def _replies(saga: Saga[Any]) -> set[type[Reply]]:
    """Every reply that some command of the saga declares."""
    commands = [command_sent(saga, attempt) for step in (*saga.steps, saga.name) for attempt in _sent(saga, step)]
    declared = {reply for command in commands for reply in answers(command)}
    return {reply for reply in declared if isinstance(reply, type) and issubclass(reply, Reply)} | {Abandoned}
