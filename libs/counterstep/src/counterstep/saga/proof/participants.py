"""A participant: its inbox, and what its handlers have done. The barrier is all that makes it idempotent."""

from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

from counterstep.protocol.answers import Accepted
from counterstep.protocol.barrier import EffectKey
from counterstep.protocol.messages import Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.proof.messages import Answer, Command, Decided, Message
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
            yield from (_answered(safeguards, row, ask, said) for said in _sayings(scope, ask))
        case Decided():
            yield from _decisions(row)
        case _:
            raise TypeError(f"{message} is for an orchestrator")


def _sayings(scope: Scope, ask: Attempt) -> tuple[Reply, ...]:
    """What a handler may say: a long step is taken on, any other is done, or refused where it can be."""
    if ask.direction == "compensation" or ask.step in scope.saga.certain:
        return (YES,)
    return (Accepted(),) if ask.step in scope.long else (YES, NO)


def _decisions(row: Row) -> Iterator[Answered]:
    """As `Transaction.answer`: an accepted command is done or refused, if its reply is still pending."""
    if row.owed is not None and isinstance(row.forward, Accepted):
        for said in (YES, NO):
            decided = _handled(row, row.owed, said)._replace(forward=said, owed=None)
            yield Answered(decided, Answer(row.owed, said))


def _answered(safeguards: Safeguards, row: Row, ask: Attempt, said: Reply) -> Answered:
    """As `Participant.work` for one command, whose handler would return this reply."""
    forward, compensation = (EffectKey(SAGA_ID, ask.step, direction) for direction in ("forward", "compensation"))
    places = {forward: row.forward, compensation: row.compensation}
    replies = {key: reply for key, reply in places.items() if reply}
    key = forward if ask.direction == "forward" else compensation
    known = key in replies
    handled = row

    def handle() -> Reply:
        nonlocal handled
        handled = _handled(row, ask, said)
        return said

    replies |= safeguards.deduplicate(key, replies, handle)
    after = handled._replace(forward=replies.get(forward), compensation=replies.get(compensation))
    if isinstance(replies[key], Accepted):
        return Answered(after._replace(owed=ask), None)
    return Answered(after, Answer(ask, replies[key]) if safeguards.answers_again or not known else None)


def _handled(row: Row, ask: Attempt, said: Reply) -> Row:
    """A handler that trusts the barrier: it does as it is told, each time."""
    if isinstance(said, Refusal | Accepted):
        return row
    if ask.direction == "forward":
        return row._replace(done=row.done + 1, held=True)
    return row._replace(undone=row.undone + 1, held=False)
