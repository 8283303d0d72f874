"""Following sagas live in the terminal, or as lines for programs, until they end or somebody stops it."""

import time
from collections.abc import Callable, Iterator
from uuid import UUID

from counterstep.http.views.sagas import SagaDetail, SagaHistoryEntry, SagaSummary
from rich.console import Console
from rich.live import Live
from rich.text import Text

from infra.client import Sagas
from infra.screens import sagas as screen

BETWEEN_LOOKS = 0.2  # seconds; often enough to look live, seldom enough not to be a load
SHOWN = 15

Until = Callable[[SagaDetail], bool]


def has_ended(run: SagaDetail) -> bool:
    return run.ended_at is not None


def follow(console: Console, sagas: Sagas, saga_id: UUID, *, until: Until = has_ended) -> SagaDetail:
    """Show a saga's steps as they go on, until it has come as far as wanted. Raises Failure."""
    run: SagaDetail
    with Live(Text(f"{saga_id} has not begun yet", "dim"), console=console, auto_refresh=False) as live:
        for run in _looks(sagas, saga_id):
            live.update(screen.steps(run, sagas.definition(run)), refresh=True)
            if until(run):
                break
    if not console.is_terminal:  # where it is one, rich ends the line
        console.print()
    return run


def follow_newest(console: Console, sagas: Sagas) -> None:
    """Show the newest sagas as they come and go, until interrupted. Raises Failure."""
    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(screen.listed(sagas.newest(limit=SHOWN)), refresh=True)
            time.sleep(BETWEEN_LOOKS)


def happenings(sagas: Sagas, saga_id: UUID) -> Iterator[SagaHistoryEntry]:
    """All that happens to a saga, as it happens, up to its end. Raises Failure."""
    told = 0
    for run in _looks(sagas, saga_id):
        yield from run.history[told:]
        told = len(run.history)
        if has_ended(run):
            return


def changes(sagas: Sagas) -> Iterator[SagaSummary]:
    """The newest sagas, each again whenever its status has changed. Raises Failure."""
    seen: dict[UUID, SagaSummary] = {}
    while True:
        newest = sagas.newest(limit=SHOWN)
        yield from (run for run in reversed(newest) if seen.get(run.saga_id) != run)
        seen = {run.saga_id: run for run in newest}
        time.sleep(BETWEEN_LOOKS)


def _looks(sagas: Sagas, saga_id: UUID) -> Iterator[SagaDetail]:
    while True:
        if run := sagas.find(saga_id):
            yield run
        time.sleep(BETWEEN_LOOKS)
