"""The way to an end: everything in flight is lost, every running transaction has crashed, and then no part fails.

If an end can be reached from there, it can be reached from every state with the same records: a way that needs
nothing of what is in flight stays open while that is delayed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from counterstep.saga.proof.messages import Decided
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.world import INSTANCE, How, Move, World, committed, members
from counterstep.saga.transition import TimedOut


def worst(model: Model, world: World) -> World:
    """These records, with nothing in flight but a start event without an instance yet: its outbox keeps it."""
    return World(world.records, 0 if model.instances[world.records[INSTANCE]] else model.start)


def moves(model: Model, world: World) -> Iterator[Move]:
    """How a healthy system goes on: each message is delivered once, and what is not answered falls due."""
    for message in members(world.flight) if world.flight else _due(model, world):
        place = model.place(message)
        awaiting = world._replace(flight=world.flight & ~(1 << message))
        for effect in model.effects(place, world.records[place], message):
            yield Move(How.HANDLED, message, committed(awaiting, place, effect))


def stuck(model: Model, worlds: Iterable[World]) -> dict[World, None]:
    """The worlds, in their order, from which no end can be reached: going back from the ends never finds them."""
    lost = dict.fromkeys(worlds)
    leading_to = defaultdict(list)
    for world in lost:
        for move in moves(model, world):
            leading_to[move.world].append(world)
    found = [world for world in lost if _ended(model, world)]
    while found:
        world = found.pop()
        if world in lost:
            del lost[world]
            found += leading_to[world]
    return lost


def _due(model: Model, world: World) -> Iterator[int]:
    """The timeouts; and the decision on a pivot that a participant took on, which nothing can replace."""
    impulses = model.impulses(world.records[INSTANCE], model.scope.attempts + 1, None)
    yield from (impulse for impulse in impulses if isinstance(model.messages[impulse], TimedOut))
    pivot = Decided(model.saga.pivot.__name__)
    yield from (decision for decision in model.decisions if model.messages[decision] == pivot)


def _ended(model: Model, world: World) -> bool:
    instance = model.instances[world.records[INSTANCE]]
    return instance is not None and instance.status(model.saga).ended and not world.flight
