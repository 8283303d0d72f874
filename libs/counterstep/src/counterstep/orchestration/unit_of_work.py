"""What one transaction does to the runs it has read: advanced in memory, written down in one statement."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from counterstep.messaging.consumer.received import Received
from counterstep.messaging.database.sql import Sql, Statement
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.envelope import command as command_envelope
from counterstep.orchestration import deadlines, history
from counterstep.orchestration import instances as store
from counterstep.orchestration.history import UnsavedEntry
from counterstep.orchestration.instances import Definitions, LoadedInstance, RawMessage
from counterstep.orchestration.spans import place_of_step
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Event, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for as command
from counterstep.saga.definition import Saga
from counterstep.saga.engine import advance, begin
from counterstep.saga.timeouts import timeout_of as patience
from counterstep.saga.transition import HistoryEntry, Input, Succeeded, Transition
from counterstep.saga.transition import HistoryEvent as Happened


@dataclass
class UnitOfWork:
    """Runs by saga id, and what is to be written of them."""

    runs: dict[UUID, LoadedInstance]
    reply_address: str
    changed: dict[UUID, LoadedInstance] = field(default_factory=dict)
    history: list[UnsavedEntry] = field(default_factory=list)
    deadlines: dict[tuple[UUID, Attempt], timedelta] = field(default_factory=dict)
    settled: set[tuple[UUID, Attempt]] = field(default_factory=set)
    """What was awaited before this transaction, and is no more."""
    took: dict[UUID, float] = field(default_factory=dict)
    """The seconds from beginning to end of those runs that have ended; known once it is written down."""

    @classmethod
    async def seen(cls, look: Sql, sagas: Definitions, saga_ids: Collection[UUID]) -> Self:
        """A ledger of those of these runs that exist; a clash, where another advances one before this is written.

        Raises `LookupError` for one of an unregistered version.
        """
        return cls(await store.read(look, sagas, saga_ids), sagas.reply_address)

    @classmethod
    async def locked(cls, sql: Sql, sagas: Definitions, saga_ids: Collection[UUID]) -> Self:
        """The same, whose runs nobody else advances meanwhile."""
        return cls(await store.lock(sql, sagas, saga_ids), sagas.reply_address)

    def begin(self, saga: Saga[Any], start: Event, cause: Received) -> list[Envelope]:
        """Begin a run, and give the commands it asks for; nothing where it was begun before."""
        saga_id = cause.envelope.saga_id
        if saga_id in self.runs:
            return []
        advanced = begin(saga, skipped=saga.skipped(start))
        told = RawMessage(cause.envelope.type, cause.envelope.body)
        opened = LoadedInstance(saga_id, saga, told, start, cause.traceparent, advanced.run)
        self.runs[saga_id] = opened
        return self._write(opened, advanced, cause.envelope.message_id)

    def hear(
        self, saga_id: UUID, heard: Input, message_id: UUID | None, reply: Reply | None = None
    ) -> list[Envelope]:
        """Advance a run by what it hears, and give the commands it asks for. Raises `KeyError` for no such run."""
        opened = self.runs[saga_id]
        if reply and isinstance(heard, Succeeded) and heard.ask.step in opened.saga.asked_for:
            opened.replies.setdefault(heard.ask.step, reply)
        return self._write(opened, advance(opened.saga, opened.run, heard), message_id)

    def writes(self) -> Iterator[Statement]:
        """What writes everything down."""
        if self.changed:
            yield store.saving(list(self.changed.values()), self.took.__setitem__)
        if self.history:
            yield history.writing(self.history)
        if self.deadlines:
            yield deadlines.setting(self.deadlines)
        if self.settled:
            yield deadlines.taking_back(self.settled)

    def _write(self, opened: LoadedInstance, advanced: Transition, message_id: UUID | None) -> list[Envelope]:
        if advanced.run != opened.run or opened.revision == 0:
            self.changed[opened.saga_id] = opened
        self._keep_deadlines(opened, advanced)
        opened.run = advanced.run
        commands = {ask: self._command(opened, ask, message_id) for ask in advanced.asks}
        self.history += [self._history_row(opened, note, commands, message_id) for note in advanced.notes]
        return list(commands.values())

    def _keep_deadlines(self, opened: LoadedInstance, advanced: Transition) -> None:
        for ask in opened.run.awaited - advanced.run.awaited:
            if self.deadlines.pop((opened.saga_id, ask), None) is None:
                self.settled.add((opened.saga_id, ask))
        for ask in advanced.asks:
            self.deadlines[opened.saga_id, ask] = patience(opened.saga, ask)

    def _command(self, opened: LoadedInstance, ask: Attempt, cause: UUID | None) -> Envelope:
        return command_envelope(
            command(opened.saga, opened.start, opened.run, ask, opened.replies),
            saga_id=opened.saga_id,
            headers=Headers(
                causation_id=cause,
                traceparent=place_of_step(opened, ask),
                step=ask.step,
                direction=ask.direction,
                attempt=ask.attempt,
                reply_key=self.reply_address,
            ),
        )

    def _history_row(
        self, opened: LoadedInstance, note: HistoryEntry, commands: dict[Attempt, Envelope], heard: UUID | None
    ) -> UnsavedEntry:
        if note.event is not Happened.ASKED:
            return UnsavedEntry(opened.saga_id, note, heard)
        sent = commands[note.ask]
        return UnsavedEntry(opened.saga_id, HistoryEntry(note.event, note.ask, sent.routing_key), sent.message_id)
