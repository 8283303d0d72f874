"""Who answers each command of a saga, and with which replies: looked up for each reply that an instance gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Never

from counterstep.protocol.answers import Abandoned, Direction
from counterstep.protocol.messages import Reply
from counterstep.protocol.naming import answers, owner, type_name
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_sent
from counterstep.saga.definition import Saga

NEVER: Final[object] = Never


@dataclass(frozen=True, slots=True)
class Answerer:
    """The service whose command it is, and the types of the replies that may come back."""

    service: str
    replies: frozenset[type[Reply]]


class Answering:
    """The answerers of one definition, by step and direction."""

    def __init__(self, saga: Saga[Any]) -> None:
        self._name = f"{saga.name} v{saga.version}"
        self._answerers = _answerers(saga)

    def objection(self, attempt: Attempt, reply: type[Reply], sender: str | None, *, itself: str) -> str | None:
        """Why this reply is not its sender's to give, as a sentence; `None` where it is.

        Whether the attempt is pending does not matter here: the right service may answer late, or twice. `itself`
        is the orchestrator, which believes its own signature (see `counterstep.topology.senders`).
        """
        answerer = self._answerers.get((attempt.step, attempt.direction))
        about = f"the {attempt.direction} command of {attempt.step}"
        if answerer is None:
            return f"{sender} answered {about}, which {self._name} does not have"
        if sender not in {answerer.service, itself}:
            return f"{sender} answered {about}, which {answerer.service} was sent"
        if reply not in answerer.replies:
            declared = ", ".join(sorted(map(type_name, answerer.replies)))
            return f"{sender} answered {about} with {type_name(reply)}; it declares {declared}"
        return None


def _answerers(saga: Saga[Any]) -> Mapping[tuple[str, Direction], Answerer]:
    forward = [Attempt(step, "forward") for step in saga.steps]
    undone = [Attempt(step.name, "compensation") for step in saga.steps.values() if step.undo]
    attempts = (*forward, *undone, Attempt(saga.name, "compensation"))
    return {(attempt.step, attempt.direction): _answerer(saga, attempt) for attempt in attempts}


def _answerer(saga: Saga[Any], attempt: Attempt) -> Answerer:
    command = command_sent(saga, attempt)
    declared = {reply for reply in answers(command) if reply is not NEVER}
    step = saga.steps.get(attempt.step)
    if attempt.direction == "forward" and step and step.undo:
        declared.add(Abandoned)  # a command that comes after its own compensation is not carried out
    return Answerer(owner(command), frozenset(declared))
