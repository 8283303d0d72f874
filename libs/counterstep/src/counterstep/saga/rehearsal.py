"""The test kit: play a saga with given replies, and look at the commands that it sends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from counterstep.protocol.messages import CancellationEvent, Event, FallibleCommand, Refusal, Reply
from counterstep.protocol.naming import answers
from counterstep.protocol.refusal_codes import UNSPECIFIED
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for
from counterstep.saga.definition import Saga
from counterstep.saga.engine import advance, begin
from counterstep.saga.instance import Instance, Status
from counterstep.saga.transition import Cancelled, Refused, Succeeded, Transition


@dataclass
class Rehearsal:
    """A saga instance in memory: the commands that it has sent, and where it stands."""

    saga: Saga[Any]
    start: Event
    instance: Instance = field(default_factory=Instance)
    commands: list[FallibleCommand] = field(default_factory=list)
    """Every command sent so far, in order."""
    pending: dict[Attempt, FallibleCommand] = field(default_factory=dict)
    """The attempts that no reply was given for yet, with their commands, oldest first."""
    replies: dict[str, Reply] = field(default_factory=dict)
    """The last reply of each step."""

    @property
    def status(self) -> Status:
        """Where the instance stands after the last reply."""
        return self.instance.status(self.saga)

    @property
    def sent(self) -> list[type[Any]]:
        """The types of the commands sent so far, in order."""
        return [type(command) for command in self.commands]

    def take(self, transition: Transition) -> None:
        """Move to the new state and send its commands."""
        self.instance = transition.instance
        sent = {attempt: self._command(attempt) for attempt in transition.attempts}
        self.pending |= sent
        self.commands += sent.values()

    def reply(self, reply: Reply) -> None:
        """Reply to the oldest pending command that declares this reply. Raises `AssertionError` if none does."""
        declaring = (each for each, sent in self.pending.items() if type(reply) in answers(type(sent)))
        attempt = next(declaring, None)
        if attempt is None:
            raise AssertionError(f"no pending command declares {type(reply).__name__}: {[*self.pending]}")
        del self.pending[attempt]
        self.replies[attempt.step] = reply
        outcome = Refused(attempt, reply.reason, reply.code) if isinstance(reply, Refusal) else Succeeded(attempt)
        self.take(advance(self.saga, self.instance, outcome))

    def cancel(self, event: CancellationEvent) -> None:
        """Cancel the instance. Raises `AssertionError` where the saga is not cancelled by such an event."""
        if self.saga.cancelled_by is None or not isinstance(event, self.saga.cancelled_by):
            raise AssertionError(f"{self.saga.name} is not cancelled by {type(event).__name__}")
        self.take(advance(self.saga, self.instance, Cancelled(event.reason)))

    def _command(self, attempt: Attempt) -> FallibleCommand:
        return command_for(self.saga, self.start, self.instance, attempt, self.replies)


def rehearse(
    saga: Saga[Any], start: Event, replies: Sequence[Reply | type[Reply] | CancellationEvent]
) -> Rehearsal:
    """Play the saga from its start event through these replies, in this order, without broker, database and clock.

    A reply type stands for a reply whose fields do not matter; the reason of such a refusal is its type's name. A
    cancellation event among the replies cancels the instance there. The result has the `commands` that were
    `sent`, and the `status`: running, compensating, completed, compensated or needs_attention.

    Units: none; no time passes.

    Raises: `AssertionError` for a reply that no pending command declares, and for a cancellation event that does
    not cancel this saga.

    >>> played = rehearse(BOOK_TRIP, WANTED, [SoldOut, RoomConfirmed, RoomRequestWithdrawn, TripRejected])
    >>> [each.__name__ for each in played.sent]
    ['Book', 'RequestRoom', 'WithdrawRoomRequest', 'RejectTrip']
    >>> print(played.status)
    compensated
    """
    rehearsal = Rehearsal(saga, start)
    rehearsal.take(begin(saga, skipped=saga.skipped(start)))
    for reply in replies:
        if isinstance(reply, CancellationEvent):
            rehearsal.cancel(reply)
        else:
            rehearsal.reply(_without_fields(reply) if isinstance(reply, type) else reply)
    return rehearsal


def _without_fields(reply: type[Reply]) -> Reply:
    if issubclass(reply, Refusal):
        return reply.model_construct(code=UNSPECIFIED, reason=reply.__name__)
    return reply.model_construct()
