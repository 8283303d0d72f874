"""Everything in a scope by number, and how the production code reacts to it.

That code is pure, so the model calls it once for each input and keeps the result.
"""

from collections.abc import Iterator

from counterstep.saga.instance import Instance
from counterstep.saga.proof import adversary
from counterstep.saga.proof.merging import merged
from counterstep.saga.proof.messages import Command, Decided, Message, Started
from counterstep.saga.proof.numbered import Numbered
from counterstep.saga.proof.orchestrators import follows, impulses
from counterstep.saga.proof.participants import Row, answers
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope
from counterstep.saga.proof.world import INSTANCE, Effect, World
from counterstep.saga.transition import Cancelled


class Model:
    """The instances, rows and messages found so far, and what may follow from each."""

    def __init__(self, scope: Scope, safeguards: Safeguards | None = None, *, merges: bool = False) -> None:
        """With `merges`, instances are one where they differ only in what never matters again."""
        self.scope = scope
        self.saga = scope.saga
        self.safeguards = safeguards or Safeguards()
        self._merges = merges
        self.steps = (*self.saga.steps, self.saga.name)
        self.instances: Numbered[Instance | None] = Numbered(
            lambda instance: instance and (frozenset(instance.steps.items()), instance.abort)
        )
        self.rows: Numbered[Row] = Numbered(lambda row: row)
        self.messages: Numbered[Message] = Numbered(lambda message: message)
        self._places = {step: place for place, step in enumerate(self.steps, INSTANCE + 1)}
        self._effects: dict[tuple[int, int, int], tuple[Effect, ...]] = {}
        self._impulses: dict[tuple[int, int, int | None], tuple[int, ...]] = {}
        self.start = self._bit(Started(self.saga.name))
        self.decisions = tuple(self.messages.number(Decided(step)) for step in scope.long)
        records = (self.instances.number(None), *(self.rows.number(Row()) for _ in self.steps))
        said = sum(self._bit(each) for each in set(adversary.words(self.safeguards, scope)))
        self.initial = World(records, self.start | self._bit(Cancelled("called back")) | said)
        self.honest = frozenset(step for step in self.steps if adversary.is_honest(scope, step))

    def place(self, message: int) -> int:
        """Which record the message is about."""
        match self.messages[message]:
            case Command(attempt):
                return self._places[attempt.step]
            case Decided(step):
                return self._places[step]
        return INSTANCE

    def effects(self, place: int, read: int, message: int) -> tuple[Effect, ...]:
        """What a transaction may do that has read this record: nothing, or one of these."""
        known = self._effects.get((place, read, message))
        if known is None:
            follow = self._orchestrated if place == INSTANCE else self._answered
            known = tuple(dict.fromkeys(follow(read, self.messages[message])))
            self._effects[place, read, message] = known
        return known

    def impulses(self, instance: int, attempts: int, repeated: int | None) -> tuple[int, ...]:
        """The timeouts and resends that may happen, until a step's command was sent `attempts` times.

        At most `repeated` steps are at a later attempt than the first at a time; `None` for any number.
        """
        known = self._impulses.get((instance, attempts, repeated))
        if known is None:
            begun = self.instances[instance]
            timely = impulses(self.safeguards, self.saga, begun, attempts, repeated) if begun else ()
            known = tuple(self.messages.number(impulse) for impulse in timely)
            self._impulses[instance, attempts, repeated] = known
        return known

    def _orchestrated(self, read: int, message: Message) -> Iterator[Effect]:
        if advanced := follows(self.safeguards, self.scope, self.instances[read], message):
            sent = sum({self._bit(Command(attempt)) for attempt in advanced.attempts})
            instance = merged(advanced.instance) if self._merges else advanced.instance
            yield Effect(self.instances.number(instance), sent)

    def _answered(self, read: int, message: Message) -> Iterator[Effect]:
        for row, answer in answers(self.safeguards, self.scope, self.rows[read], message):
            yield Effect(self.rows.number(row), self._bit(answer) if answer else 0)

    def _bit(self, message: Message) -> int:
        return 1 << self.messages.number(message)
