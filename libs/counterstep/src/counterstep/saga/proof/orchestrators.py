"""The orchestrator: how an instance reacts to a message, and which timeouts and resends may happen to it."""

from collections.abc import Iterator
from typing import Any

from counterstep.saga.definition import Saga
from counterstep.saga.engine import begin
from counterstep.saga.instance import Instance
from counterstep.saga.proof.messages import Answer, Command, Decided, Message, Started
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope
from counterstep.saga.transition import ResendRequested, TimedOut, Transition


def follows(
    safeguards: Safeguards, scope: Scope, instance: Instance | None, message: Message
) -> Transition | None:
    """What follows from a message, as the orchestrator's unit of work does it; `None` for an unknown instance."""
    match message:
        case Command() | Decided():
            raise TypeError(f"{message} is for a participant")
        case Started():
            return Transition(instance) if instance else begin(scope.saga, skipped=scope.skipped)
        case _ if instance is None:
            return None
        case Answer():
            return safeguards.advance(scope.saga, instance, message.as_input)
        case _:
            return safeguards.advance(scope.saga, instance, message)


def impulses(
    safeguards: Safeguards, saga: Saga[Any], instance: Instance, attempts: int, repeated: int | None
) -> Iterator[TimedOut | ResendRequested]:
    """The timeouts and the resend that may happen, while no step's command is sent more often than this.

    At most `repeated` pending commands are later attempts than the first; `None` for any number.
    """
    candidates: list[TimedOut | ResendRequested] = [*map(TimedOut, instance.pending), ResendRequested("now")]
    for impulse in candidates:
        after = safeguards.advance(saga, instance, impulse).instance
        numbers = [attempt.number for attempt in after.pending]
        if after == instance or max(numbers, default=1) > attempts:
            continue
        if repeated is None or sum(number > 1 for number in numbers) <= repeated:
            yield impulse
