"""Follows sagas live, in the terminal or as lines for programs, until they end or Ctrl-C."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from uuid import UUID

from counterstep.http.views.sagas import SagaDetail, SagaHistoryEntry, SagaSummary
from rich.console import Console
from rich.live import Live
from rich.text import Text

from infra.client import Sagas
from infra.screens import sagas as screen

POLL_SECONDS = 0.2  # seconds; often enough to look live, seldom enough not to be a load
NEWEST = 15

Until = Callable[[SagaDetail], bool]


def has_ended(saga: SagaDetail) -> bool:
    return saga.ended_at is not None


def follow(console: Console, sagas: Sagas, saga_id: UUID, *, until: Until = has_ended) -> SagaDetail:
    """Show a saga's steps live until `until` is true. Raises UserError."""
    saga: SagaDetail
    with Live(Text(f"{saga_id} has not started yet", "dim"), console=console, auto_refresh=False) as live:
        for saga in _polls(sagas, saga_id):
            live.update(screen.steps(saga, sagas.definition(saga)), refresh=True)
            if until(saga):
                break
    if not console.is_terminal:  # where it is one, rich ends the line
        console.print()
    return saga


def follow_newest(console: Console, sagas: Sagas) -> None:
    """Show the newest sagas live, until interrupted. Raises UserError."""
    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(screen.listed(sagas.newest(limit=NEWEST)), refresh=True)
            time.sleep(POLL_SECONDS)


def history_entries(sagas: Sagas, saga_id: UUID) -> Iterator[SagaHistoryEntry]:
    """A saga's history entries, each as soon as it is recorded, up to the end. Raises UserError."""
    shown = 0
    for saga in _polls(sagas, saga_id):
        for entry in islice(sagas.whole_history(saga), shown, None):
            yield entry
            shown += 1
        if has_ended(saga):
            return


def changes(sagas: Sagas) -> Iterator[SagaSummary]:
    """The newest sagas, each again whenever its status has changed. Raises UserError."""
    seen: dict[UUID, SagaSummary] = {}
    while True:
        newest = sagas.newest(limit=NEWEST)
        yield from (saga for saga in reversed(newest) if seen.get(saga.saga_id) != saga)
        seen = {saga.saga_id: saga for saga in newest}
        time.sleep(POLL_SECONDS)


def _polls(sagas: Sagas, saga_id: UUID) -> Iterator[SagaDetail]:
    while True:
        if saga := sagas.find(saga_id):
            yield saga
        time.sleep(POLL_SECONDS)
