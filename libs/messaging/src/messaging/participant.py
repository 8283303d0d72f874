"""A service that takes part in sagas: plain functions from a command and its rows to a reply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec

from contracts.base import Command, No, Ok, Refusal, Reply
from contracts.naming import type_name
from contracts.protocol import Accepted

from messaging import inbox
from messaging.admission import FREE
from messaging.aggregates import Rows
from messaging.barrier import Key, settle
from messaging.batches import Task
from messaging.envelope import Headers, reply, reply_headers
from messaging.errors import Unreadable
from messaging.measuring import Measure
from messaging.metrics import DUPLICATES, count_duplicates
from messaging.received import Received
from messaging.retention import prune_inbox
from messaging.signature import AnyCommand, Handler
from messaging.sql import carry_out
from messaging.token import Token
from messaging.topology import queues_of
from messaging.transaction import Transaction

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that has arrived, opened."""

    received: Received
    command: Command[Any, Any]
    key: Key
    handler: Handler


class Participant:
    """What one service answers to each command. As a consumer it answers a whole batch in one transaction."""

    admission = FREE

    def __init__(self, name: str) -> None:
        self.name = name
        self.queues = queues_of(name)
        self.tasks: tuple[Task, ...] = (prune_inbox,)
        self.measures: tuple[Measure, ...] = ()
        self._handlers: dict[type[Command[Any, Any]], Handler] = {}

    def handles(
        self, command: type[Command[Ok, No]]
    ) -> Callable[[Callable[Arguments, Ok | No | Accepted]], Callable[Arguments, Ok | No | Accepted]]:
        """Register the function that answers this command.

        It gets the command and, locked, the rows named in its signature (see `signature`); it may change them.
        It must return an answer that the command declares, or `Accepted` where it keeps the `Token` that it is
        given and answers later by `Transaction.answer`; what it raises is never taken for a no.
        """

        def register(function: Callable[Arguments, Ok | No | Accepted]) -> Callable[Arguments, Ok | No | Accepted]:
            self._handlers[command] = Handler.of(function, command)
            DUPLICATES.labels(type_name(command))  # so that it is shown from zero
            return function

        return register

    @property
    def commands(self) -> tuple[type[AnyCommand], ...]:
        """The commands that it answers."""
        return tuple(self._handlers)

    async def work(self, transaction: Transaction, batch: Sequence[Received]) -> None:
        """Answer every command of the batch: from the inbox where it was done before, else by its handler."""
        asked = [self._open(received) for received in batch]
        replies: dict[Key, Reply] = {}
        rows = Rows((parameter, each.command) for each in asked for parameter in each.handler.rows)
        known = inbox.finding((each.key for each in asked), replies.__setitem__)
        await carry_out(transaction.sql, [known, *rows.reading()])
        new: dict[Key, Reply] = {}
        owed: dict[Key, Headers] = {}
        again: list[str] = []
        for each in asked:
            with each.received.current():
                new |= (filled := settle(each.key, replies, partial(_handle, each, rows)))
            replies |= filled
            if not filled:
                again.append(each.received.envelope.type)
            said = replies[each.key]
            each.received.annotate({"saga.outcome": _outcome(said), "saga.answered_before": not filled})
            headers = reply_headers(each.received.envelope, traceparent=each.received.traceparent)
            if isinstance(said, Accepted):
                owed[each.key] = headers
            else:
                transaction.send(reply(said, saga_id=each.key.saga_id, headers=headers))
        for statement in rows.writing():
            transaction.write(statement)
        if new:
            transaction.write(inbox.recording(new))
        if still_owed := {key: headers for key, headers in owed.items() if isinstance(replies[key], Accepted)}:
            await transaction.written()
            await inbox.owe(transaction.sql, still_owed)
        if again:
            transaction.after_commit(partial(count_duplicates, again))

    def _open(self, received: Received) -> Asked:
        envelope = received.envelope
        command = envelope.open()
        if not isinstance(command, Command) or (handler := self._handlers.get(type(command))) is None:
            raise Unreadable(f"{self.name} does not handle {envelope.type}")
        return Asked(received, command, inbox.key_of(envelope), handler)


def _handle(asked: Asked, rows: Rows) -> Reply:
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
