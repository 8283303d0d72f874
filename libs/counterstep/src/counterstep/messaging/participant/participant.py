"""A service that takes part in sagas: plain functions from a command and its rows to a reply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec

from counterstep.messaging.consumer.consuming import Faults
from counterstep.messaging.consumer.received import Received, collecting
from counterstep.messaging.consumer.retention import prune_inbox
from counterstep.messaging.consumer.task import Task
from counterstep.messaging.database.sql import execute_together
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.inbox.token import Token
from counterstep.messaging.observability.metrics import DUPLICATES, count_duplicates
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.participant.rows import Rows
from counterstep.messaging.participant.signature import AnyCommand, Handler
from counterstep.messaging.scrape.measuring import Measure
from counterstep.messaging.wire.envelope import reply, reply_headers
from counterstep.messaging.wire.errors import UndecodableError
from counterstep.protocol.answers import Accepted
from counterstep.protocol.barrier import EffectKey, deduplicate
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Command, No, Ok, Refusal, Reply
from counterstep.protocol.naming import type_name
from counterstep.topology.topology import Topology

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class ReceivedCommand:
    """A command that has arrived: decoded, with the key of its effect, its handler, and its reply's headers."""

    received: Received
    command: Command[Any, Any]
    key: EffectKey
    handler: Handler
    headers: Headers


class Participant:
    """A service's handlers. As a consumer it answers a whole batch of commands in one transaction.

    `name` is the service's name in the topology. `@participant.handles(Command)` registers a plain function. Its
    parameters say what it is given, by type: the command, rows of the service's tables, a `Token`.

    Units: none.

    Raises: `TypeError` from `handles`, for a parameter that cannot be given; `LookupError` once it is served,
    where the topology has no service of its name.

    >>> sellers = Participant("agency", TRIP)
    >>> @sellers.handles(ConfirmTrip)
    ... def confirm(trip: Trip) -> TripConfirmed:
    ...     trip.status = "confirmed"
    ...     return TripConfirmed()
    >>> sellers.queues
    ('agency.commands',)
    """

    admission = None

    def __init__(self, name: str, topology: Topology) -> None:
        self.name = name
        self.topology = topology
        self.tasks: tuple[Task, ...] = (prune_inbox,)
        self.measures: tuple[Measure, ...] = ()
        self._handlers: dict[type[Command[Any, Any]], Handler] = {}

    def handles(
        self, command: type[Command[Ok, No]]
    ) -> Callable[[Callable[Arguments, Ok | No | Token]], Callable[Arguments, Ok | No | Token]]:
        """Register the function that answers this command.

        Its parameters say what it is given, by type and in any order: the command, rows of the service's tables,
        a `Token`. It leaves out what it does not need. The rows are those that the command names by their
        primary key's name, locked; what the function changes of them is written in the same transaction as the
        reply. It does no I/O: it may run again where another transaction was first.

        It returns a reply that the command declares. Or it keeps the `Token` and returns it, and the reply is
        given later by `tx.complete`. An exception is a bug, never a refusal: the message is retried,
        and is a dead letter in the end. Raises `TypeError` here for a parameter that cannot be given.
        """

        def register(function: Callable[Arguments, Ok | No | Token]) -> Callable[Arguments, Ok | No | Token]:
            self._handlers[command] = Handler.of(function, command)
            DUPLICATES.labels(type_name(command))  # so that the metric is shown from zero
            return function

        return register

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that it consumes. Raises `LookupError` where the topology has no such service."""
        return self.topology.service(self.name).queues

    @property
    def commands(self) -> tuple[type[AnyCommand], ...]:
        """The commands that it answers."""
        return tuple(self._handlers)

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> Faults:
        """Answer every command of the batch: from the inbox where it was answered before, else by its handler.

        Gives the commands that cannot be decoded, or whose handler has raised. What it has changed is undone.
        """
        faults: dict[Received, Exception] = {}
        commands: list[ReceivedCommand] = []
        for received in batch:
            with collecting(faults, received):
                commands.append(self._open(received))
        if not commands:
            return faults
        rows = Rows((parameter, each.command) for each in commands for parameter in each.handler.rows)
        replies: dict[EffectKey, Reply] = {}
        known = inbox.finding(self.topology.contracts, (each.key for each in commands), replies.__setitem__)
        await execute_together(transaction.sql, [known, *rows.reading()])
        new: dict[EffectKey, Reply] = {}
        deferred: dict[EffectKey, Headers] = {}
        duplicates: list[str] = []
        for each in commands:
            with (
                each.received.current(),
                collecting(faults, each.received),
                rows.undone_if_it_raises(each.handler.rows, each.command),
            ):
                given: dict[str, Any] = {}
                filled = deduplicate(each.key, replies, partial(_handle, each, rows, given))
                answer = filled[each.key] if filled else replies[each.key]
                if isinstance(answer, Accepted):
                    deferred[each.key] = each.headers
                else:
                    transaction.send(reply(answer, saga_id=each.key.saga_id, headers=each.headers))
                _keep(each, rows, given)
                new |= filled
                replies |= filled
                if not filled:
                    duplicates.append(each.received.envelope.type)
                each.received.annotate({"saga.outcome": _outcome(answer), "saga.answered_before": not filled})
        for statement in rows.writing():
            transaction.write(statement)
        if new:
            transaction.write(inbox.recording(new))
        # A compensation later in the same batch may have taken the place of an accepted command.
        if pending := {key: headers for key, headers in deferred.items() if isinstance(replies[key], Accepted)}:
            await transaction.flush()
            await inbox.defer(transaction.sql, pending)
        if duplicates:
            transaction.after_commit(partial(count_duplicates, duplicates))
        return faults

    def _open(self, received: Received) -> ReceivedCommand:
        envelope = received.envelope
        command = envelope.open(self.topology.contracts)
        if not isinstance(command, Command) or (handler := self._handlers.get(type(command))) is None:
            raise UndecodableError(f"{self.name} does not handle {envelope.type}")
        addresses = self.topology.reply_addresses
        headers = reply_headers(envelope, addresses=addresses, traceparent=received.traceparent)
        return ReceivedCommand(received, command, inbox.key_of(envelope), handler, headers)


def _handle(received: ReceivedCommand, rows: Rows, given: dict[str, Any]) -> Reply:
    """Call the handler; `given` takes up the rows that it was given.

    Raises `TypeError` for a reply that the command does not declare.
    """
    handler, command = received.handler, received.command
    given.update({each.name: rows.argument(each, command) for each in handler.rows})
    said = handler.call(
        **dict.fromkeys(handler.commands, command),
        **dict.fromkeys(handler.tokens, Token.of(received.key)),
        **given,
    )
    answer = Accepted() if isinstance(said, Token) else said
    if type(answer) not in (*handler.answers, Accepted):
        raise TypeError(f"{type(answer).__name__} is no declared answer to {type(command).__name__}")
    return answer


def _keep(received: ReceivedCommand, rows: Rows, given: dict[str, Any]) -> None:
    """Take over the rows that the handler has added or removed. Nothing that follows raises."""
    for each in received.handler.rows:
        if each.many and each.name in given:
            rows.keep(each, received.command, given[each.name])


def _outcome(answer: Reply) -> str:
    if isinstance(answer, Accepted):
        return "accepted"
    return "refused" if isinstance(answer, Refusal) else "succeeded"
