"""An instance's history is a path of the state machine: begun once, ended once, compensated in reverse order."""

from collections import Counter
from collections.abc import Iterator

from faults.evidence import Evidence, HistoryEntry, SagaInstance

ENDS = {"completed", "compensated"}


def histories_are_consistent(evidence: Evidence) -> Iterator[str]:
    """The history of each instance that has ended."""
    for instance in evidence.instances.values():
        if instance.status in ENDS:
            yield from (f"instance {instance.saga_id} {violation}" for violation in _violations(instance))


def _violations(instance: SagaInstance) -> Iterator[str]:
    entries = [row for row in instance.history if row.event != "ignored"]
    events = [row.event for row in entries]
    if events.count("started") != 1 or events[0] != "started":
        yield f"began {events.count('started')} times"
    if sum(event in ENDS for event in events) != 1 or events[-1] != instance.status:
        yield f"is {instance.status}, but its history ends {[event for event in events if event in ENDS]}"
    yield from _answered_once(entries)
    yield from _undone_in_reverse(instance, entries)


def _answered_once(entries: list[HistoryEntry]) -> Iterator[str]:
    answers = Counter((row.step, row.direction) for row in entries if row.event in {"succeeded", "refused"})
    for (step, direction), count in answers.items():
        if count > 1:
            yield f"took {count} answers to {step} ({direction})"


def _undone_in_reverse(instance: SagaInstance, entries: list[HistoryEntry]) -> Iterator[str]:
    sent, done = _first(entries, "forward", "asked"), _first(entries, "forward", "succeeded")
    undoing, undone = _first(entries, "compensation", "asked"), _first(entries, "compensation", "succeeded")
    if instance.status == "completed":
        if undoing:
            yield f"is completed, but undid {undoing}"
        return
    *steps, _ = undoing  # the saga's own undo comes last
    if steps != [step for step in reversed(sent) if step in steps]:
        yield f"asked for {sent}, but undid {steps}, which is not in reverse"
    if kept := [step for step in done if step not in undone]:
        yield f"ended compensated, but {kept} was never undone"


def _first(entries: list[HistoryEntry], direction: str, event: str) -> list[str]:
    """The steps for which this is recorded, each at its first place."""
    return list(dict.fromkeys(row.step for row in entries if row.direction == direction and row.event == event))
