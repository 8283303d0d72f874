"""A participant: its inbox, and what its handlers have done. The barrier is all that makes it idempotent."""

from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

from counterstep.protocol.answers import Accepted
from counterstep.protocol.barrier import EffectKey
from counterstep.protocol.messages import Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.proof.messages import Answer, Command, Decided, Message
from counterstep.saga.proof.pairing import flaw_of_undo, goes_elsewhere, may_be_refused
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope

SAGA_ID: Final = UUID(int=1)
YES: Final = Reply()
NO: Final = Refusal(reason="no")


class Row(NamedTuple):
    """What a participant knows of one step: the inbox's two places, whom it owes an answer, what it has done."""

    forward: Reply | None = None
    compensation: Reply | None = None
    owed: Attempt | None = None
    done: int = 0
    undone: int = 0
    held: bool = False


class Answered(NamedTuple):
    """What a participant writes, and what it answers, if it does yet."""

    row: Row
    answer: Answer | None


def answers(safeguards: Safeguards, scope: Scope, row: Row, message: Message) -> Iterator[Answered]:
    """What may follow from a command, or from the decision of one that was taken on."""
    match message:
        case Command(ask):
            yield from (_answered(safeguards, scope, row, ask, said) for said in _sayings(scope, ask))
        case Decided():
            yield from _decisions(row)
        case _:
            raise TypeError(f"{message} is for an orchestrator")


def _sayings(scope: Scope, ask: Attempt) -> tuple[Reply, ...]:
    """What a handler may say: a long step is taken on, any other is done, or refused where its command can be."""
    if ask.direction == "forward" and ask.step in scope.long:
        return (Accepted(),)
    return (YES, NO) if may_be_refused(scope.saga, ask) else (YES,)


def _decisions(row: Row) -> Iterator[Answered]:
    """As `Transaction.complete`: an accepted command is done or refused, if its reply is still pending."""
    if row.owed is not None and isinstance(row.forward, Accepted):
        for said in (YES, NO):
            decided = _done(row, said)._replace(forward=said, owed=None)
            yield Answered(decided, Answer(row.owed, said))


def _answered(safeguards: Safeguards, scope: Scope, row: Row, ask: Attempt, said: Reply) -> Answered:
    """As `Participant.work` for one command, whose handler would return this reply."""
    forward, compensation = (EffectKey(SAGA_ID, ask.step, direction) for direction in ("forward", "compensation"))
    key = forward if ask.direction == "forward" else compensation
    elsewhere = key is compensation and goes_elsewhere(scope.saga, ask.step)
    places = {compensation: row.compensation, forward: None if elsewhere else row.forward}
    replies = {key: reply for key, reply in places.items() if reply}
    known = key in replies
    handled = row

    def handle() -> Reply:
        nonlocal handled
        handled = _done(row, said) if key is forward else _undone(scope, row, ask, said)
        return said

    replies |= safeguards.deduplicate(key, replies, handle)
    after = handled._replace(compensation=replies.get(compensation))
    if not elsewhere:
        after = after._replace(forward=replies.get(forward))
    if isinstance(replies[key], Accepted):
        return Answered(after._replace(owed=ask), None)
    return Answered(after, Answer(ask, replies[key]) if safeguards.answers_again or not known else None)


def _done(row: Row, said: Reply) -> Row:
    """A handler trusts the barrier: it does what the command means each time that it is called."""
    return row if isinstance(said, Refusal | Accepted) else row._replace(done=row.done + 1, held=True)


def _undone(scope: Scope, row: Row, ask: Attempt, said: Reply) -> Row:
    """The undo takes back what the step did, unless the definition pairs the two wrongly."""
    if isinstance(said, Refusal) or flaw_of_undo(scope.saga, ask.step):
        return row
    return row._replace(undone=row.undone + 1, held=False)
