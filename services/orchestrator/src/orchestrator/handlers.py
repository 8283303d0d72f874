"""What the orchestrator does with what it hears: start events, replies, and silence."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Final
from uuid import UUID

from contracts.base import Event, Message, Refusal, Reply
from messaging import Transaction, Transactions
from messaging.envelope import Envelope
from messaging.errors import Unreadable
from messaging.topology import queues_of
from opentelemetry.trace import Span, SpanKind
from saga import Ask, Cancelled, Heard, Refused, Silent, Succeeded
from telemetry import continued

from orchestrator import metrics, store
from orchestrator.ledger import Ledger
from orchestrator.registry import Registry

TICK_SECONDS: Final = 0.5
MOST_DUE: Final = 200


class Orchestrator:
    """Drives every run of the given sagas. As a consumer it advances a whole batch in one transaction."""

    name = "orchestrator"

    def __init__(self, sagas: Registry) -> None:
        self.queues = queues_of(self.name)
        self.tasks = (self.keep_time,)
        self.measures = (partial(metrics.of_unended, sagas),)
        self._sagas = sagas
        metrics.from_zero(sagas)

    async def work(self, transaction: Transaction, batch: Sequence[Envelope]) -> None:
        """Begin or advance the runs that these messages are about."""
        messages = [(envelope, envelope.open()) for envelope in batch]
        ledger = await Ledger.locked(transaction.sql, self._sagas, {each.saga_id for each in batch})
        for envelope, message in messages:
            with _span(envelope):
                for command in self._commands(ledger, envelope, message):
                    transaction.send(command)
        await ledger.close(transaction.sql)
        transaction.after_commit(partial(metrics.count, ledger, batch))

    async def keep_time(self, transactions: Transactions) -> None:
        """Tell runs of the silences that have lasted too long, for ever."""
        while True:
            async with transactions() as transaction:
                due = await store.take_due(transaction.sql, self._sagas, limit=MOST_DUE)
                if due:
                    await self._tell_of_silence(transaction, due)
            if len(due) < MOST_DUE:
                await asyncio.sleep(TICK_SECONDS)

    async def _tell_of_silence(self, transaction: Transaction, due: Sequence[tuple[UUID, Ask]]) -> None:
        ledger = await Ledger.locked(transaction.sql, self._sagas, {saga_id for saga_id, _ in due})
        for saga_id, ask in due:
            for command in ledger.hear(saga_id, Silent(ask), None):
                transaction.send(command)
        await ledger.close(transaction.sql)
        transaction.after_commit(partial(metrics.count, ledger))

    def _commands(self, ledger: Ledger, envelope: Envelope, message: Message) -> list[Envelope]:
        if isinstance(message, Event) and (saga := self._sagas.started_by.get(type(message))):
            return ledger.begin(saga, envelope.saga_id, message, envelope.message_id)
        if envelope.saga_id not in ledger.runs:
            raise LookupError(f"there is no saga {envelope.saga_id}")  # its beginning may still be on its way
        if isinstance(message, Event) and type(message) in self._sagas.cancelled_by:
            return ledger.hear(envelope.saga_id, Cancelled("called back"), envelope.message_id)
        if isinstance(message, Reply):
            return ledger.hear(envelope.saga_id, _heard(envelope, message), envelope.message_id, message)
        raise Unreadable(f"no saga hears {envelope.type}")


def _heard(envelope: Envelope, reply: Reply) -> Heard:
    headers = envelope.headers
    if headers.step is None or headers.direction is None or headers.attempt is None:
        raise Unreadable("a reply must say which step, direction and attempt it answers")
    ask = Ask(headers.step, headers.direction, headers.attempt)
    return Refused(ask, reply.reason) if isinstance(reply, Refusal) else Succeeded(ask)


def _span(envelope: Envelope) -> AbstractContextManager[Span]:
    """The message's own span, which the commands that follow from it continue."""
    return continued(
        f"process {envelope.type}",
        envelope.headers.traceparent,
        kind=SpanKind.CONSUMER,
        attributes={"saga.id": str(envelope.saga_id), "messaging.message.id": str(envelope.message_id)},
    )
