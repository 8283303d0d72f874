"""A service that takes part in sagas: plain functions from a command and its rows to a reply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec

from counterstep.messaging.consumer.received import Received
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
    """A command that has arrived, opened."""

    received: Received
    command: Command[Any, Any]
    key: EffectKey
    handler: Handler


class Participant:
    """What one service answers to each command. As a consumer it answers a whole batch in one transaction."""

    admission = None

    def __init__(self, name: str, topology: Topology) -> None:
        self.name = name
        self.topology = topology
        self.tasks: tuple[Task, ...] = (prune_inbox,)
        self.measures: tuple[Measure, ...] = ()
        self._handlers: dict[type[Command[Any, Any]], Handler] = {}

    def handles(
        self, command: type[Command[Ok, No]]
    ) -> Callable[[Callable[Arguments, Ok | No | Accepted]], Callable[Arguments, Ok | No | Accepted]]:
        """Register the function that answers this command.

        It gets the command and, locked, the rows named in its signature (see `signature`); it may change them.
        It must return an answer that the command declares, or `Accepted` where it keeps the `Token` that it is
        given and answers later by `PlatformTransaction.answer`; what it raises is never taken for a no.
        """

        def register(function: Callable[Arguments, Ok | No | Accepted]) -> Callable[Arguments, Ok | No | Accepted]:
            self._handlers[command] = Handler.of(function, command)
            DUPLICATES.labels(type_name(command))  # so that it is shown from zero
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

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> None:
        """Answer every command of the batch: from the inbox where it was done before, else by its handler."""
        asked = [self._open(received) for received in batch]
        replies: dict[EffectKey, Reply] = {}
        rows = Rows((parameter, each.command) for each in asked for parameter in each.handler.rows)
        known = inbox.finding(self.topology.contracts, (each.key for each in asked), replies.__setitem__)
        await execute_together(transaction.sql, [known, *rows.reading()])
        new: dict[EffectKey, Reply] = {}
        owed: dict[EffectKey, Headers] = {}
        again: list[str] = []
        for each in asked:
            with each.received.current():
                new |= (filled := deduplicate(each.key, replies, partial(_handle, each, rows)))
            replies |= filled
            if not filled:
                again.append(each.received.envelope.type)
            said = replies[each.key]
            each.received.annotate({"saga.outcome": _outcome(said), "saga.answered_before": not filled})
            headers = reply_headers(
                each.received.envelope,
                addresses=self.topology.reply_addresses,
                traceparent=each.received.traceparent,
            )
            if isinstance(said, Accepted):
                owed[each.key] = headers
            else:
                transaction.send(reply(said, saga_id=each.key.saga_id, headers=headers))
        for statement in rows.writing():
            transaction.write(statement)
        if new:
            transaction.write(inbox.recording(new))
        if still_owed := {key: headers for key, headers in owed.items() if isinstance(replies[key], Accepted)}:
            await transaction.flush()
            await inbox.defer(transaction.sql, still_owed)
        if again:
            transaction.after_commit(partial(count_duplicates, again))

    def _open(self, received: Received) -> ReceivedCommand:
        envelope = received.envelope
        command = envelope.open(self.topology.contracts)
        if not isinstance(command, Command) or (handler := self._handlers.get(type(command))) is None:
            raise UndecodableError(f"{self.name} does not handle {envelope.type}")
        return ReceivedCommand(received, command, inbox.key_of(envelope), handler)


def _handle(asked: ReceivedCommand, rows: Rows) -> Reply:
    handler, command = asked.handler, asked.command
    given = {each.name: rows.argument(each, command) for each in handler.rows}
    said = handler.call(command, **given, **dict.fromkeys(handler.tokens, Token.of(asked.key)))
    if type(said) not in handler.answers:
        raise TypeError(f"{type(said).__name__} is no declared answer to {type(command).__name__}")
    for each in handler.rows:
        if each.many:
            rows.keep(each, command, given[each.name])
    return said


def _outcome(said: Reply) -> str:
    if isinstance(said, Accepted):
        return "accepted"
    return "refused" if isinstance(said, Refusal) else "succeeded"
