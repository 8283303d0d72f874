"""What the overview's page shows, computed from a window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

from contracts.topology import SHOP
from counterstep.http.views.boxes import OutboxView
from counterstep.monitoring.alerts import (
    RUNBOOKS,
    Alert,
    alerts,
    alerts_of_forgeries,
    alerts_of_letters,
    alerts_of_outboxes,
)
from counterstep.monitoring.broker import Queue
from shop_client import WaitingReviews

from console.overview.figures import Figures
from console.overview.service_map import ServiceMap, service_map
from console.overview.window import Window

ORCHESTRATOR: Final = "orchestrator"
ENDED: Final = "saga_ended_total"
DURATION: Final = "saga_duration_seconds"
REQUESTS: Final = "http_server_request_duration_seconds"


@dataclass(frozen=True, slots=True)
class Sagas:
    """Rates, durations and counts of sagas.

    `ended` counts by outcome since the orchestrator's process started; `unended` counts by status now.
    """

    started_rate: float | None
    ended_rate: float | None
    median: float | None
    slowest: float | None
    ended: Mapping[str, float]
    unended: Mapping[str, float]

    @classmethod
    def of(cls, window: Window) -> Self:
        now = window.now.services.get(ORCHESTRATOR, Figures(()))
        return cls(
            started_rate=window.rate(ORCHESTRATOR, "saga_started_total"),
            ended_rate=window.rate(ORCHESTRATOR, ENDED),
            median=window.quantile(0.5, ORCHESTRATOR, DURATION),
            slowest=window.quantile(0.95, ORCHESTRATOR, DURATION),
            ended=now.by("outcome", ENDED),
            unended=now.by("status", "saga_running"),
        )

    @property
    def share_completed(self) -> float | None:
        """The completed share of the sagas that ended; `None` where none has."""
        total = sum(self.ended.values())
        return self.ended.get("completed", 0) / total if total else None


@dataclass(frozen=True, slots=True)
class Served:
    """One service: its problem if it is not ready, its HTTP rate and p95, its outbox and dead letters.

    `forged` counts those dead letters that their sender may not send.
    """

    name: str
    missing: str | None
    requests: float | None
    slowest: float | None
    outbox: OutboxView | None
    dead_letters: int | None
    forged: int | None

    @classmethod
    def of(cls, name: str, window: Window) -> Self:
        figures = window.now.services.get(name)
        measured = figures if figures and figures.total("database_up") else None
        return cls(
            name=name,
            missing=window.missing.get(name),
            requests=window.rate(name, f"{REQUESTS}_count"),
            slowest=window.quantile(0.95, name, REQUESTS),
            outbox=_outbox(measured) if measured else None,
            dead_letters=round(measured.total("dead_letters_waiting")) if measured else None,
            forged=round(measured.total("dead_letters_forged")) if measured else None,
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page."""

    sagas: Sagas
    alarms: tuple[Alert, ...]
    map: ServiceMap
    services: tuple[Served, ...]
    queues: tuple[Queue, ...]
    reviews: WaitingReviews | None

    @classmethod
    def of(cls, window: Window) -> Self:
        sagas = Sagas.of(window)
        services = tuple(Served.of(name, window) for name in SHOP.services)
        return cls(
            sagas=sagas,
            alarms=tuple(_alarms(window, sagas, services)),
            map=service_map(window),
            services=services,
            queues=tuple(window.now.broker.queues) if window.now.broker else (),
            reviews=window.now.reviews,
        )

    @property
    def dead_letters(self) -> int:
        return sum(each.dead_letters or 0 for each in self.services)


def _alarms(window: Window, sagas: Sagas, services: tuple[Served, ...]) -> Iterator[Alert]:
    for name, why in window.missing.items():
        yield Alert(
            what=f"{name}: {why}", runbook=_runbook("service-down" if name in SHOP.services else "broker-down")
        )
    if stuck := round(sagas.unended.get("needs_attention", 0)):
        yield Alert(what=f"sagas that need attention: {stuck}", runbook=_runbook("stuck-sagas"))
    if window.now.broker:
        yield from alerts(window.now.broker, window.now.services.keys() - window.missing.keys())
    yield from alerts_of_outboxes({each.name: each.outbox for each in services if each.outbox})
    yield from alerts_of_forgeries({each.name: each.forged or 0 for each in services})
    yield from alerts_of_letters({each.name: each.dead_letters or 0 for each in services})


def _runbook(page: str) -> str:
    return f"{RUNBOOKS}/{page}.md"


def _outbox(figures: Figures) -> OutboxView:
    return OutboxView(
        waiting=round(figures.total("outbox_messages")),
        oldest_seconds=figures.total("outbox_oldest_age_seconds"),
        refused=round(figures.total("outbox_refused_messages")),
        quarantined=round(figures.total("outbox_quarantined_messages")),
    )
