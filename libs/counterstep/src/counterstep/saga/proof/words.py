"""A way through the worlds in plain words, a line a step."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from counterstep.protocol.answers import Abandoned
from counterstep.protocol.messages import Refusal, Reply
from counterstep.protocol.naming import owner
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_sent
from counterstep.saga.proof.messages import Answer, Command, Decided, Message, Started
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.pairing import flaws
from counterstep.saga.proof.world import INSTANCE, How, Move, World, members
from counterstep.saga.transition import Cancelled, ResendRequested, TimedOut

HAPPENS: Final = {
    How.HANDLED: "{who} handles {what}",
    How.STALLED: "{who} reads {what}, and its transaction stalls",
    How.COMMITTED: "{who} commits the stalled transaction for {what}",
    How.ROLLED_BACK: "{who} rolls back the stalled transaction for {what}",
    How.LEAKED: "{who} rolls back the stalled transaction for {what}, but had sent already",
}


def lines(model: Model, way: Sequence[World], moves: Callable[[World], Iterable[Move]]) -> Iterator[str]:
    """What happened between each world and the next, a line each."""
    for before, after in pairwise(way):
        move = next(move for move in moves(before) if move.world == after)
        yield line(model, before, move)


def line(model: Model, before: World, move: Move) -> str:
    """`the orchestrator handles a cancellation → the undo of book_hotel #1; the instance is compensating`."""
    message = model.messages[move.message]
    sent = [words(model.messages[each]) for each in members(move.world.flight & ~before.flight)]
    instance = model.instances[move.world.records[INSTANCE]]
    has_changed = instance != model.instances[before.records[INSTANCE]]
    stands = [f"the instance is {instance.status(model.saga)}"] if instance and has_changed else []
    led_to = f" → {'; '.join((*sent, *stands))}" if sent or stands else ""
    return HAPPENS[move.how].format(who=_handler(model, message), what=words(message)) + led_to


def outcome(model: Model, world: World) -> Iterator[str]:
    """Where the instance stands, what its participants hold, and what in the definition may be the reason."""
    instance = model.instances[world.records[INSTANCE]]
    rows = dict(zip(model.steps, (model.rows[row] for row in world.records[INSTANCE + 1 :]), strict=True))
    yield f"then the instance is {instance.status(model.saga)}" if instance else "then there is no instance"
    yield from (f"what {step} did is still in effect" for step, row in rows.items() if row.held)
    yield from (f"{step} was refused" for step, row in rows.items() if _is_refused(row.forward))
    refused = (step for step, row in rows.items() if _is_refused(row.compensation))
    yield from (f"the undo of {step} was refused" for step in refused)
    yield from (f"why: {flaw}" for flaw in flaws(model.saga))


def words(message: Message) -> str:  # noqa: PLR0911 - one for each kind of message
    """The message by the name that a reader would give it."""
    match message:
        case Started():
            return "the start event"
        case Command(attempt):
            return _attempt(attempt)
        case Answer(attempt, Refusal()):
            return f"the refusal of {_attempt(attempt)}"
        case Answer(attempt):
            return f"the success of {_attempt(attempt)}"
        case Decided(step):
            return f"the late decision on {step}"
        case TimedOut(attempt):
            return f"the timeout of {_attempt(attempt)}"
        case Cancelled():
            return "a cancellation"
        case ResendRequested():
            return "an operator's resend"


def _is_refused(reply: Reply | None) -> bool:
    return isinstance(reply, Refusal) and not isinstance(reply, Abandoned)


def _handler(model: Model, message: Message) -> str:
    match message:
        case Command(attempt):
            return owner(command_sent(model.saga, attempt))
        case Decided(step):
            return owner(command_sent(model.saga, Attempt(step, "forward")))
    return "the orchestrator"


def _attempt(attempt: Attempt) -> str:
    return f"{'the undo of ' if attempt.direction == 'compensation' else ''}{attempt.step} #{attempt.number}"
