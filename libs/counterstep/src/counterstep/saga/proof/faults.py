"""How the world may go on when anything may go wrong.

What is in flight stays there for good: each message may be delivered at any time, in any order, never, once or
again. So one search covers delay, reordering, loss, every duplicate, and every redelivery after a crash.
A transaction may stall between its reading and its commit, while others go on, and then commit or crash.
"""

from collections.abc import Iterator

from counterstep.saga.proof.model import Model
from counterstep.saga.proof.world import INSTANCE, Effect, How, Move, Stalled, World, committed, members


def moves(model: Model, world: World) -> Iterator[Move]:
    """Every transition from this world."""
    impulses = model.impulses(world.records[INSTANCE], model.scope.attempts, model.scope.repeated)
    for message in (*members(world.flight), *impulses, *model.decisions):
        yield from _deliveries(model, world, message)
    for transaction in world.stalled:
        yield from _awakenings(model, world, transaction)


def _deliveries(model: Model, world: World, message: int) -> Iterator[Move]:
    place = model.place(message)
    read = world.records[place]
    effects = model.effects(place, read, message)
    for effect in effects:
        if effect.record != read or effect.sent & ~world.flight:
            yield Move(How.HANDLED, message, _committed(model, world, place, effect))
    if len(world.stalled) < model.scope.stalled and any(effect.record != read for effect in effects):
        stalled = tuple(sorted((*world.stalled, Stalled(place, read, message))))
        yield Move(How.STALLED, message, world._replace(stalled=stalled))


def _awakenings(model: Model, world: World, transaction: Stalled) -> Iterator[Move]:
    place, read, message = transaction
    effects = model.effects(place, read, message)
    nth = world.stalled.index(transaction)
    awake = world._replace(stalled=world.stalled[:nth] + world.stalled[nth + 1 :])
    yield Move(How.ROLLED_BACK, message, awake)
    for effect in effects:
        if not model.safeguards.sends_with_commit:
            yield Move(How.LEAKED, message, awake._replace(flight=awake.flight | effect.sent))
        yield Move(How.COMMITTED, message, _committed(model, awake, place, effect))


def _committed(model: Model, world: World, place: int, effect: Effect) -> World:
    """One transaction is through; any other that read what it has changed is found out and rolled back."""
    after = committed(world, place, effect)
    checks = model.safeguards.checks_revision if place == INSTANCE else model.safeguards.checks_inbox
    if not (checks and world.stalled):
        return after
    return after._replace(stalled=tuple(each for each in world.stalled if after.records[each.place] == each.read))
