"""A participant: its inbox, and what its handlers have done. Only the barrier makes it idempotent."""

from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

from counterstep.protocol.answers import Accepted
from counterstep.protocol.barrier import EffectKey
from counterstep.protocol.messages import Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.proof.messages import Answer, Command, Decided, Message
from counterstep.saga.proof.pairing import flaw_of_undo, is_undone_elsewhere, may_be_refused
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope

SAGA_ID: Final = UUID(int=1)
YES: Final = Reply()
NO: Final = Refusal(reason="no")


class Row(NamedTuple):
    """What a participant knows of one step.

    `forward` and `compensation` are the two places in its inbox. `pending` is the attempt whose reply is deferred.
    `done` and `undone` count how often a handler ran; `held` says whether its effect is in force.
    """

    forward: Reply | None = None
    compensation: Reply | None = None
    pending: Attempt | None = None
    done: int = 0
    undone: int = 0
    held: bool = False


class Answered(NamedTuple):
    """The row that a participant writes, and its reply; `None` for a reply that is deferred."""

    row: Row
    answer: Answer | None


def answers(safeguards: Safeguards, scope: Scope, row: Row, message: Message) -> Iterator[Answered]:
    """What may follow from a command, or from a decision about a deferred reply."""
    match message:
        case Command(attempt):
            yield from (
                _answered(safeguards, scope, row, attempt, reply) for reply in _possible_replies(scope, attempt)
            )
        case Decided():
            yield from _decisions(row)
        case _:
            raise TypeError(f"{message} is for an orchestrator")


def _possible_replies(scope: Scope, attempt: Attempt) -> tuple[Reply, ...]:
    """What a handler may return: a long step defers its reply; others succeed or, where declared, are refused."""
    if attempt.direction == "forward" and attempt.step in scope.long:
        return (Accepted(),)
    return (YES, NO) if may_be_refused(scope.saga, attempt) else (YES,)


def _decisions(row: Row) -> Iterator[Answered]:
    """As `Transaction.complete`: an accepted command is done or refused, if its reply is still pending."""
    if row.pending is not None and isinstance(row.forward, Accepted):
        for reply in (YES, NO):
            decided = _done(row, reply)._replace(forward=reply, pending=None)
            yield Answered(decided, Answer(row.pending, reply))


def _answered(safeguards: Safeguards, scope: Scope, row: Row, attempt: Attempt, reply: Reply) -> Answered:
    """As `Participant.work` for one command, whose handler would return this reply."""
    forward, compensation = (
        EffectKey(SAGA_ID, attempt.step, direction) for direction in ("forward", "compensation")
    )
    key = forward if attempt.direction == "forward" else compensation
    other_service = key is compensation and is_undone_elsewhere(scope.saga, attempt.step)
    places = {compensation: row.compensation, forward: None if other_service else row.forward}
    replies = {key: stored for key, stored in places.items() if stored}
    known = key in replies
    handled = row

    def handle() -> Reply:
        nonlocal handled
        handled = _done(row, reply) if key is forward else _undone(scope, row, attempt, reply)
        return reply

    replies |= safeguards.deduplicate(key, replies, handle)
    after = handled._replace(compensation=replies.get(compensation))
    if not other_service:
        after = after._replace(forward=replies.get(forward))
    if isinstance(replies[key], Accepted):
        return Answered(after._replace(pending=attempt), None)
    return Answered(after, Answer(attempt, replies[key]) if safeguards.answers_again or not known else None)


def _done(row: Row, reply: Reply) -> Row:
    """A handler trusts the barrier: it does what the command means each time that it is called."""
    return row if isinstance(reply, Refusal | Accepted) else row._replace(done=row.done + 1, held=True)


def _undone(scope: Scope, row: Row, attempt: Attempt, reply: Reply) -> Row:
    """The undo takes back what the step did, unless the definition pairs the two wrongly."""
    if isinstance(reply, Refusal) or flaw_of_undo(scope.saga, attempt.step):
        return row
    return row._replace(undone=row.undone + 1, held=False)
