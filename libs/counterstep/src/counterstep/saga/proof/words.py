"""A way through the worlds, told a line a step."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from counterstep.protocol.messages import Refusal
from counterstep.saga.attempt import Attempt
from counterstep.saga.proof.messages import Answer, Command, Decided, Message, Started
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.world import RUN, Move, World, members
from counterstep.saga.transition import Cancelled, ResendRequested, TimedOut


def told(model: Model, way: Sequence[World], moves: Callable[[World], Iterable[Move]]) -> Iterator[str]:
    """What happened between each world and the next."""
    for before, after in pairwise(way):
        move = next(move for move in moves(before) if move.world == after)
        yield line(model, before, move)


def line(model: Model, before: World, move: Move) -> str:
    """`cancellation: handled → compensation of reserve_stock #1; the run is compensating`."""
    sent = [words(model.messages[each]) for each in members(move.world.flight & ~before.flight)]
    run = model.runs[move.world.records[RUN]]
    stands = [f"the run is {run.status(model.saga)}"] if run and run != model.runs[before.records[RUN]] else []
    led_to = f" → {'; '.join((*sent, *stands))}" if sent or stands else ""
    return f"{words(model.messages[move.message])}: {move.how}{led_to}"


def words(message: Message) -> str:  # noqa: PLR0911 - one for each kind of message
    """The message by the name that a reader would give it."""
    match message:
        case Started(saga):
            return f"start of {saga}"
        case Command(ask):
            return _asked(ask)
        case Answer(ask, Refusal() as refusal):
            return f"refusal of {_asked(ask)} ({refusal.reason})"
        case Answer(ask):
            return f"success of {_asked(ask)}"
        case Decided(step):
            return f"decision of {step}"
        case TimedOut(ask):
            return f"silence on {_asked(ask)}"
        case Cancelled():
            return "cancellation"
        case ResendRequested():
            return "nudge"


def _asked(ask: Attempt) -> str:
    return f"{ask.direction} {ask.step} #{ask.attempt}"
