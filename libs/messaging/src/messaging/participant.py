"""A service that takes part in sagas: plain functions from a command and its rows to a reply."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ParamSpec

from contracts.base import Command, No, Ok, Reply
from contracts.naming import answers
from opentelemetry.trace import Span, SpanKind
from telemetry import continued, current_traceparent

from messaging import inbox
from messaging.aggregates import AnyCommand, Parameter, Rows, keep, load, parameters_of
from messaging.batches import Task
from messaging.envelope import Envelope, answer
from messaging.errors import Unreadable
from messaging.inbox import Answer, Key, abandoned
from messaging.topology import queues_of
from messaging.transaction import Transaction

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered function, and the rows that it asks for."""

    call: Callable[..., Reply]
    parameters: tuple[Parameter, ...]
    declared: tuple[type[Any], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that has arrived, opened."""

    envelope: Envelope
    command: Command[Any, Any]
    key: Key
    handler: Handler


class Participant:
    """What one service answers to each command. As a consumer it answers a whole batch in one transaction."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.queues = queues_of(name)
        self.tasks: tuple[Task, ...] = ()
        self._handlers: dict[type[Command[Any, Any]], Handler] = {}

    def handles(
        self, command: type[Command[Ok, No]]
    ) -> Callable[[Callable[Arguments, Ok | No]], Callable[Arguments, Ok | No]]:
        """Register the function that answers this command.

        It gets the command and, locked, the rows named in its signature (see `aggregates`); it may change them.
        It must return an answer that the command declares; what it raises is never taken for a no.
        """

        def register(function: Callable[Arguments, Ok | No]) -> Callable[Arguments, Ok | No]:
            self._handlers[command] = Handler(function, parameters_of(function, command), answers(command))
            return function

        return register

    async def work(self, transaction: Transaction, batch: Sequence[Envelope]) -> None:
        """Answer every command of the batch: from the inbox where it was done before, else by its handler."""
        asked = [self._open(envelope) for envelope in batch]
        replies = await inbox.find(transaction.sql, (each.key for each in asked))
        rows = await load(transaction.session, _wanted(asked, replies))
        given: dict[Key, Answer] = {}
        for each in asked:
            with _span(self.name, each):
                if each.key not in replies:
                    for place, found in _answers(each, replies, rows, transaction).items():
                        given[place], replies[place] = found, found.reply
                transaction.send(answer(each.envelope, replies[each.key], traceparent=current_traceparent()))
        await inbox.record(transaction.sql, given)

    def _open(self, envelope: Envelope) -> Asked:
        command = envelope.open()
        if not isinstance(command, Command) or (handler := self._handlers.get(type(command))) is None:
            raise Unreadable(f"{self.name} does not handle {envelope.type}")
        return Asked(envelope, command, inbox.key_of(envelope), handler)


def _wanted(asked: Iterable[Asked], replies: Container[Key]) -> Iterator[tuple[Parameter, AnyCommand]]:
    for each in asked:
        if each.key not in replies:
            yield from ((parameter, each.command) for parameter in each.handler.parameters)


def _answers(asked: Asked, replies: Container[Key], rows: Rows, transaction: Transaction) -> dict[Key, Answer]:
    """The answer in the command's own place; and in its action's place, where the action has not come yet."""
    message_id = asked.envelope.message_id
    answers = {asked.key: Answer(message_id, _handle(asked, rows, transaction))}
    if asked.key.action not in replies:
        answers.setdefault(asked.key.action, abandoned(message_id))
    return answers


def _handle(asked: Asked, rows: Rows, transaction: Transaction) -> Reply:
    handler, command = asked.handler, asked.command
    arguments = {each.name: each.argument(command, rows) for each in handler.parameters}
    reply = handler.call(command, **arguments)
    if type(reply) not in handler.declared:
        raise TypeError(f"{type(reply).__name__} is no declared answer to {type(command).__name__}")
    for parameter in handler.parameters:
        if parameter.many:
            keep(transaction.session, rows, parameter, arguments[parameter.name], command)
    return reply


def _span(service: str, asked: Asked) -> AbstractContextManager[Span]:
    """The command's own span, which its reply continues."""
    headers = asked.envelope.headers
    return continued(
        f"process {service}.commands",
        headers.traceparent,
        kind=SpanKind.CONSUMER,
        attributes={
            "messaging.system": "rabbitmq",
            "messaging.operation.type": "process",
            "messaging.operation.name": "process",
            "messaging.destination.name": asked.envelope.exchange,
            "messaging.rabbitmq.destination.routing_key": asked.envelope.routing_key,
            "messaging.message.id": str(asked.envelope.message_id),
            "messaging.message.conversation_id": str(asked.envelope.saga_id),
            "saga.id": str(asked.envelope.saga_id),
            "saga.step": asked.key.step,
            "saga.direction": asked.key.direction,
        },
    )
