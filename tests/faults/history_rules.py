"""A run's history is a path of the machine: begun once, ended once, and undone in reverse order."""

from collections import Counter
from collections.abc import Iterator

from faults.evidence import Evidence, Happening, Run

ENDS = {"completed", "compensated"}


def histories_are_consistent(evidence: Evidence) -> Iterator[str]:
    """Each ended run's own story."""
    for run in evidence.runs.values():
        if run.status in ENDS:
            yield from (f"run {run.saga_id} {violation}" for violation in _violations(run))


def _violations(run: Run) -> Iterator[str]:
    told = [row for row in run.history if row.event != "ignored"]
    events = [row.event for row in told]
    if events.count("started") != 1 or events[0] != "started":
        yield f"began {events.count('started')} times"
    if sum(event in ENDS for event in events) != 1 or events[-1] != run.status:
        yield f"is {run.status}, but its history ends {[event for event in events if event in ENDS]}"
    yield from _answered_once(told)
    yield from _undone_in_reverse(run, told)


def _answered_once(told: list[Happening]) -> Iterator[str]:
    answers = Counter((row.step, row.direction) for row in told if row.event in {"succeeded", "refused"})
    for (step, direction), count in answers.items():
        if count > 1:
            yield f"took {count} answers to {step} ({direction})"


def _undone_in_reverse(run: Run, told: list[Happening]) -> Iterator[str]:
    asked, done = _first(told, "forward", "asked"), _first(told, "forward", "succeeded")
    undoing, undone = _first(told, "compensation", "asked"), _first(told, "compensation", "succeeded")
    if run.status == "completed":
        if undoing:
            yield f"is completed, but undid {undoing}"
        return
    *steps, _ = undoing  # the saga's own undo comes last
    if steps != [step for step in reversed(asked) if step in steps]:
        yield f"asked for {asked}, but undid {steps}, which is not in reverse"
    if kept := [step for step in done if step not in undone]:
        yield f"ended compensated, but {kept} was never undone"


def _first(told: list[Happening], direction: str, event: str) -> list[str]:
    """The steps for which this is recorded, each at its first place."""
    return list(dict.fromkeys(row.step for row in told if row.direction == direction and row.event == event))
