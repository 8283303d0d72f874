"""The unit of work of one transaction: it advances instances in memory, and saves all of it at the end."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, Self
from uuid import UUID

from counterstep.messaging.consumer.received import Received
from counterstep.messaging.database.sql import Sql, Statement
from counterstep.messaging.wire import envelope as envelopes
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import ForgedError, SecondStartError
from counterstep.messaging.wire.sendable import check_sendable
from counterstep.orchestration import deadlines, history, instances
from counterstep.orchestration.history import NewEntry
from counterstep.orchestration.instances import Definitions, LoadedInstance, RawMessage, SagaKey
from counterstep.orchestration.spans import place_of_step
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Event, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for
from counterstep.saga.definition import Saga
from counterstep.saga.engine import advance, begin
from counterstep.saga.timeouts import timeout_of
from counterstep.saga.transition import HistoryEntry, HistoryEvent, Input, Succeeded, Transition

MOST_IGNORED: Final = 20
"""How many inputs that change nothing are entered in the history of an instance. More of them are only counted."""

LONGEST_IGNORED: Final = 1_000
"""How many characters are kept of why such an input came, such as the reason of a late refusal."""


@dataclass
class UnitOfWork:
    """The instances that a transaction has loaded, and everything that it is going to save."""

    instances: dict[UUID, LoadedInstance]
    reply_address: str
    changed: dict[UUID, LoadedInstance] = field(default_factory=dict)
    history: list[NewEntry] = field(default_factory=list)
    timeouts: dict[tuple[UUID, Attempt], timedelta] = field(default_factory=dict)
    """How long each command that is sent here may go unanswered."""
    settled: set[tuple[UUID, Attempt]] = field(default_factory=set)
    """The attempts that were pending before this transaction and no longer are."""
    by_key: dict[SagaKey, UUID] = field(default_factory=dict)
    """The oldest instance of each key that is known here."""
    unreadable: Mapping[UUID, Exception] = field(default_factory=dict)
    """The instances that exist and cannot be read, each with the reason."""
    ignored: Counter[UUID] = field(default_factory=Counter)
    """How many inputs changed nothing, by instance."""
    durations: dict[UUID, float] = field(default_factory=dict)
    """The seconds that each instance which ended here took; known once it is saved."""

    @classmethod
    async def read(
        cls, sql: Sql, definitions: Definitions, saga_ids: Collection[UUID], keys: Collection[SagaKey] = ()
    ) -> Self:
        """Load those of these instances that exist, and the oldest one of each of these keys, without a lock.

        If another transaction advances one of them first, saving raises `ConcurrencyConflictError`, and the
        batch is tried again.
        """
        found = await instances.read(sql, definitions, saga_ids, keys)
        return cls(found.loaded, definitions.reply_address, by_key=found.by_key, unreadable=found.unreadable)

    @classmethod
    async def lock(cls, sql: Sql, definitions: Definitions, saga_ids: Collection[UUID]) -> Self:
        """Load those of these instances that exist, and let other transactions wait until this one ends.

        Raises `LookupError` for an instance whose version is not registered here.
        """
        return cls(await instances.lock(sql, definitions, saga_ids), definitions.reply_address)

    def begin(self, saga: Saga[Any], start: Event, cause: Received) -> list[Envelope]:
        """Begin an instance and give its first commands; none where the same event has begun it before.

        Raises `ForgedError` where another event has begun an instance with this id, and `SecondStartError` where
        the saga is unique and its key has an instance with another id. Whatever it raises, nothing has changed.
        """
        saga_id, key = cause.envelope.saga_id, saga.key_of(start)
        if known := self.instances.get(saga_id):
            if (known.saga.name, known.key) != (saga.name, key):
                raise ForgedError(f"saga {saga_id} is {known.saga.name} {known.key}, not {saga.name} {key}")
            return []
        if saga.unique and (first := self.by_key.get((saga.name, key), saga_id)) != saga_id:
            raise SecondStartError(f"{saga.name} {key} is saga {first} already, so {saga_id} does not begin")
        transition = begin(saga, skipped=saga.skipped(start))
        raw_start = RawMessage(cause.envelope.type, cause.envelope.body)
        loaded = LoadedInstance(saga_id, saga, raw_start, start, cause.traceparent, transition.instance)
        commands = self._commands(loaded, transition, cause.envelope.message_id)
        self.instances[saga_id] = loaded
        self.by_key.setdefault((saga.name, key), saga_id)
        return self._record(loaded, transition, commands, cause.envelope.message_id)

    def apply(
        self, saga_id: UUID, input_: Input, message_id: UUID | None, reply: Reply | None = None
    ) -> list[Envelope]:
        """Advance an instance by one input, and give the commands that follow.

        `message_id` names the message that brought the input, for the history; `reply` is kept if a later step
        takes it and the instance awaits it. Raises `KeyError` where the instance was not loaded, and what the
        saga's functions raise. Whatever it raises, nothing has changed.
        """
        loaded, kept = self.instances[saga_id], {}
        if reply and isinstance(input_, Succeeded) and loaded.awaits_as_input(input_.attempt):
            kept = {input_.attempt.step: reply}
        transition = advance(loaded.saga, loaded.instance, input_)
        after = replace(loaded, instance=transition.instance, replies=loaded.replies | kept)
        commands = self._commands(after, transition, message_id)
        loaded.replies |= kept
        return self._record(loaded, transition, commands, message_id)

    def statements(self) -> Iterator[Statement]:
        """The statements that save everything: no two of them write the same row."""
        if self.changed:
            yield instances.saving(list(self.changed.values()), self.durations.__setitem__, self.ignored)
        if ignored := {saga_id: more for saga_id, more in self.ignored.items() if saga_id not in self.changed}:
            yield instances.counting_ignored(ignored)
        if self.history:
            yield history.appending(self.history)
        if self.timeouts:
            yield deadlines.setting(self.timeouts)
        if self.settled:
            yield deadlines.clearing(self.settled)

    def _record(
        self,
        loaded: LoadedInstance,
        transition: Transition,
        commands: Mapping[Attempt, Envelope],
        message_id: UUID | None,
    ) -> list[Envelope]:
        """Take the transition over. It does not raise, so that a message is decided wholly or not at all."""
        if transition.instance != loaded.instance or loaded.revision == 0:
            self.changed[loaded.saga_id] = loaded
        self._keep_deadlines(loaded, transition)
        loaded.instance = transition.instance
        self.history += [
            self._new_entry(loaded.saga_id, entry, commands, message_id)
            for entry in transition.entries
            if self._is_kept(loaded, entry)
        ]
        return list(commands.values())

    def _is_kept(self, loaded: LoadedInstance, entry: HistoryEntry) -> bool:
        """Count the entry if it is of an input that changed nothing, of which only the first ones are kept."""
        if entry.event is not HistoryEvent.IGNORED:
            return True
        self.ignored[loaded.saga_id] += 1
        loaded.ignored += 1
        return loaded.ignored <= MOST_IGNORED

    def _keep_deadlines(self, loaded: LoadedInstance, transition: Transition) -> None:
        for attempt in loaded.instance.pending - transition.instance.pending:
            if self.timeouts.pop((loaded.saga_id, attempt), None) is None:
                self.settled.add((loaded.saga_id, attempt))
        for attempt in transition.attempts:
            self.timeouts[loaded.saga_id, attempt] = timeout_of(loaded.saga, attempt)

    def _commands(
        self, after: LoadedInstance, transition: Transition, cause: UUID | None
    ) -> dict[Attempt, Envelope]:
        """The commands of a transition, by attempt; `after` is the instance as it then is.

        The saga's functions make them, and may raise anything. Raises `UnsendableError` where AMQP could not carry
        one of them.
        """
        commands = {attempt: self._command(after, attempt, cause) for attempt in transition.attempts}
        for command in commands.values():
            check_sendable(command)
        return commands

    def _command(self, after: LoadedInstance, attempt: Attempt, cause: UUID | None) -> Envelope:
        return envelopes.command(
            command_for(after.saga, after.start, after.instance, attempt, after.replies),
            saga_id=after.saga_id,
            headers=Headers(
                causation_id=cause,
                traceparent=place_of_step(after, attempt),
                step=attempt.step,
                direction=attempt.direction,
                attempt=attempt.number,
                reply_key=self.reply_address,
            ),
        )

    @staticmethod
    def _new_entry(
        saga_id: UUID, entry: HistoryEntry, commands: Mapping[Attempt, Envelope], cause: UUID | None
    ) -> NewEntry:
        if entry.event is HistoryEvent.IGNORED and entry.detail:
            return NewEntry(saga_id, replace(entry, detail=entry.detail[:LONGEST_IGNORED]), cause)
        if entry.event is not HistoryEvent.SENT:
            return NewEntry(saga_id, entry, cause)
        command = commands[entry.attempt]
        return NewEntry(saga_id, HistoryEntry(entry.event, entry.attempt, command.routing_key), command.message_id)
