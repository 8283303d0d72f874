"""`prove`: the model checker for any saga, with bounds that a test run has the time for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations, product
from time import perf_counter
from typing import Any, Final

from counterstep.protocol.messages import Event
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.proof.covering import cover
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.pairing import may_be_refused
from counterstep.saga.proof.report import bounds, counted, trace
from counterstep.saga.proof.rules import HARM, RULES
from counterstep.saga.proof.scope import Scope
from counterstep.saga.proof.scoped import Violation, prove_scope
from counterstep.saga.steps import always

ATTEMPTS: Final = 2
REPEATED: Final = 1
STALLED: Final = 1
SECONDS: Final = 60.0


class HarmError(AssertionError):
    """The definition can do harm. Its text is the shortest way there; `violation` is the same as data."""

    def __init__(self, scope: Scope, violation: Violation) -> None:
        super().__init__("\n".join((f"{bounds(scope)}:", *trace(violation))))
        self.violation = violation


@dataclass(frozen=True)
class SagaProof:
    """A search that found no harm: how much it saw, and which scopes the time limit kept it from finishing."""

    saga: Saga[Any]
    states: int
    seconds: float
    finished: tuple[Scope, ...]
    unfinished: tuple[Scope, ...]

    @property
    def is_complete(self) -> bool:
        """Whether everything within the bounds was searched."""
        return not self.unfinished

    def __str__(self) -> str:
        """Say what was proven and, as honestly, what was not."""
        claim = f"{self.saga.name} v{self.saga.version}: no harm in {self.states:,} states, {self.seconds:.1f} s"
        if self.is_complete:
            attempts, stalled = self.finished[-1].attempts, self.finished[-1].stalled
            repeated = self.finished[-1].repeated
            at_a_time = f" at {counted(repeated, 'step')} at a time" if repeated is not None else ""
            within = f"{counted(attempts, 'attempt')}{at_a_time if attempts > 1 else ''}"
            stalling = counted(stalled, "stalled transaction")
            return f"{claim}; every state with up to {within} and {stalling}, late decisions with 1 attempt"
        left = "".join(f"\n  not finished: {bounds(scope)}" for scope in self.unfinished)
        return f"{claim}; bounded: the time limit came first, so a longer search may find more{left}"


def prove(  # noqa: PLR0913 - keywords, each with one meaning
    saga: Saga[Any],
    *,
    starts: Iterable[Event] | None = None,
    attempts: int = ATTEMPTS,
    repeated: int | None = REPEATED,
    stalled: int = STALLED,
    seconds: float = SECONDS,
) -> SagaProof:
    """Search every state that an instance of the saga can reach, and raise `HarmError` where one does harm.

    The search plays instances with and without each conditional step, with replies at once and with decisions that
    come later, and lets everything go wrong: messages come late, twice, in any order or never; an instance is
    cancelled at any time; a transaction stalls while others go on; a process dies. In each state the rules of
    `counterstep.saga.proof.rules` must hold, and an end must be in reach.

    It begins with narrow bounds, where harm is found fast, and widens them up to these: at most `attempts`
    attempts at a step in one direction, `repeated` steps at a time that are at a later attempt than the first, and
    `stalled` transactions that stall at a time. `repeated=None` lets every step be repeated at once, which takes
    minutes for more than four steps. The searches share the time, and what one leaves the next may use. With
    `starts`, which are start events, the search plays only those combinations of conditional steps that some of
    these events leads to.

    Units: `seconds` is in seconds. After that time in all it stops; `SagaProof.is_complete` says whether that was
    too early. `attempts`, `repeated` and `stalled` are counts.

    Raises: `HarmError`, an `AssertionError` whose text is the shortest way to harm.

    >>> prove(BOOK_TRIP, attempts=1, stalled=0).is_complete
    True
    """
    began = perf_counter()
    finished: dict[Scope, None] = {}
    unfinished: dict[Scope, None] = {}
    states = 0
    scopes = list(_scopes(saga, starts, attempts, stalled, repeated))
    for nth, scope in enumerate(scopes):
        left = seconds - (perf_counter() - began)
        until = perf_counter() + left / (len(scopes) - nth)
        searched = cover(Model(scope, merges=True), partial(_is_past, until))
        if searched.harmful:
            raise _harm(scope)
        states += searched.states
        (finished if searched.complete else unfinished)[scope] = None
    return SagaProof(saga, states, perf_counter() - began, tuple(finished), tuple(unfinished))


def _is_past(moment: float) -> bool:
    return perf_counter() > moment


def _harm(scope: Scope) -> HarmError:
    """The error that shows the shortest way to harm in this scope: what is wrong for somebody, not only odd."""
    for rules in (HARM, RULES):
        if violation := prove_scope(Model(scope), rules).violation:
            return HarmError(scope, violation)
    raise RuntimeError(f"two searches of {bounds(scope)} differ: that is a fault of counterstep.saga.proof")


def _scopes(
    saga: Saga[Any], starts: Iterable[Event] | None, attempts: int, stalled: int, repeated: int | None
) -> Iterator[Scope]:
    """The narrow ones first. A second attempt multiplies the states, so only with one do decisions come late."""
    late = tuple(step for step in saga.steps if may_be_refused(saga, Attempt(step, "forward")))
    skips = _skipped(saga, starts)
    for most, stalling in product(range(1, attempts + 1), range(stalled + 1)):
        for skipped, deciding in product(skips, dict.fromkeys([(), late if most == 1 else ()])):
            long = tuple(step for step in deciding if step not in skipped)
            yield Scope(saga, skipped, long, most, repeated, stalling)


def _skipped(saga: Saga[Any], starts: Iterable[Event] | None) -> list[tuple[str, ...]]:
    """Each combination of steps that an instance may leave out; steps with the same `when` go together."""
    if starts is not None:
        return list(dict.fromkeys(tuple(saga.skipped(start)) for start in starts))
    conditions = list(dict.fromkeys(step.when for step in saga.steps.values() if step.when is not always))
    subsets = chain.from_iterable(combinations(conditions, size) for size in range(len(conditions) + 1))
    return [tuple(name for name, step in saga.steps.items() if step.when in subset) for subset in subsets]
