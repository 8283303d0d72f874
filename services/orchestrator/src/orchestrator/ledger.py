"""What one transaction does to the runs it has read: advanced in memory, written down in one statement."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from contracts.base import Event, Reply
from messaging.envelope import Envelope, Headers
from messaging.envelope import command as command_envelope
from messaging.received import Received
from messaging.sql import Sql, Statement
from saga import Advanced, Ask, Heard, Note, Saga, Succeeded, advance, begin, command, patience
from saga import Event as Happened

from orchestrator import deadlines, history, store
from orchestrator.history import HistoryRow
from orchestrator.registry import Registry
from orchestrator.spans import place_of_step
from orchestrator.store import OpenRun, Told

REPLY_ADDRESS = "orchestrator"


@dataclass
class Ledger:
    """Runs by saga id, and what is to be written of them."""

    runs: dict[UUID, OpenRun]
    changed: dict[UUID, OpenRun] = field(default_factory=dict)
    history: list[HistoryRow] = field(default_factory=list)
    deadlines: dict[tuple[UUID, Ask], timedelta] = field(default_factory=dict)
    settled: set[tuple[UUID, Ask]] = field(default_factory=set)
    """What was awaited before this transaction, and is no more."""
    took: dict[UUID, float] = field(default_factory=dict)
    """The seconds from beginning to end of those runs that have ended; known once it is written down."""

    @classmethod
    async def seen(cls, look: Sql, sagas: Registry, saga_ids: Collection[UUID]) -> Self:
        """A ledger of those of these runs that exist; a clash, where another advances one before this is written.

        Raises `LookupError` for one of an unregistered version.
        """
        return cls(await store.read(look, sagas, saga_ids))

    @classmethod
    async def locked(cls, sql: Sql, sagas: Registry, saga_ids: Collection[UUID]) -> Self:
        """The same, whose runs nobody else advances meanwhile."""
        return cls(await store.lock(sql, sagas, saga_ids))

    def begin(self, saga: Saga[Any], start: Event, cause: Received) -> list[Envelope]:
        """Begin a run, and give the commands it asks for; nothing where it was begun before."""
        saga_id = cause.envelope.saga_id
        if saga_id in self.runs:
            return []
        advanced = begin(saga, skipped=saga.skipped(start))
        told = Told(cause.envelope.type, cause.envelope.body)
        opened = OpenRun(saga_id, saga, told, start, cause.traceparent, advanced.run)
        self.runs[saga_id] = opened
        return self._write(opened, advanced, cause.envelope.message_id)

    def hear(
        self, saga_id: UUID, heard: Heard, message_id: UUID | None, reply: Reply | None = None
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

    def _write(self, opened: OpenRun, advanced: Advanced, message_id: UUID | None) -> list[Envelope]:
        if advanced.run != opened.run or opened.revision == 0:
            self.changed[opened.saga_id] = opened
        self._keep_deadlines(opened, advanced)
        opened.run = advanced.run
        commands = {ask: self._command(opened, ask, message_id) for ask in advanced.asks}
        self.history += [self._history_row(opened, note, commands, message_id) for note in advanced.notes]
        return list(commands.values())

    def _keep_deadlines(self, opened: OpenRun, advanced: Advanced) -> None:
        for ask in opened.run.awaited - advanced.run.awaited:
            if self.deadlines.pop((opened.saga_id, ask), None) is None:
                self.settled.add((opened.saga_id, ask))
        for ask in advanced.asks:
            self.deadlines[opened.saga_id, ask] = patience(opened.saga, ask)

    def _command(self, opened: OpenRun, ask: Ask, cause: UUID | None) -> Envelope:
        return command_envelope(
            command(opened.saga, opened.start, opened.run, ask, opened.replies),
            saga_id=opened.saga_id,
            headers=Headers(
                causation_id=cause,
                traceparent=place_of_step(opened, ask),
                step=ask.step,
                direction=ask.direction,
                attempt=ask.attempt,
                reply_key=REPLY_ADDRESS,
            ),
        )

    def _history_row(
        self, opened: OpenRun, note: Note, commands: dict[Ask, Envelope], heard: UUID | None
    ) -> HistoryRow:
        if note.event is not Happened.ASKED:
            return HistoryRow(opened.saga_id, note, heard)
        sent = commands[note.ask]
        return HistoryRow(opened.saga_id, Note(note.event, note.ask, sent.routing_key), sent.message_id)
