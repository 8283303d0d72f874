"""A dashboard: rows of panels, and links to the other dashboards and to the traces."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink, QueryVariable, Row
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from infra.machine.ports import Ports
from infra.monitoring.dashboards.panel import PROMETHEUS, Panel

TAG: Final = "counterstep"

_TRACES: Final = f"http://localhost:{Ports().traces}/search?service=orchestrator"
"""Not Grafana's own Explore page, which viewers cannot open."""


@dataclass(frozen=True)
class Section:
    """A row of panels under a question."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Board:
    """A dashboard; `choice` is a label (of this metric) whose values a person may choose from."""

    uid: str
    title: str
    about: str
    sections: Sequence[Section]
    choice: tuple[str, str] | None = None

    def render(self) -> str:
        """The dashboard as Grafana provisions it from a file."""
        drawn = json.loads(JSONEncoder().encode(self._draw().build()))
        return json.dumps(drawn, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def _draw(self) -> Dashboard:
        dashboard = (
            Dashboard(self.title)
            .uid(self.uid)
            .description(self.about)
            .tags([TAG])
            .refresh("5s")
            .time("now-30m", "now")
            .timezone("browser")
            .tooltip(DashboardCursorSync.CROSSHAIR)
            .links(list(_links()))
        )
        if self.choice:
            dashboard.with_variable(_variable(*self.choice))
        numbers = count(1)
        for section in self.sections:
            dashboard.with_row(Row(section.title).id(next(numbers)))
            for panel in section.panels:
                dashboard.with_panel(panel.draw(next(numbers)))
        return dashboard


def _links() -> Iterator[DashboardLink]:
    yield (
        DashboardLink("Dashboards")
        .type(DashboardLinkType.DASHBOARDS)
        .tags([TAG])
        .as_dropdown(as_dropdown=True)
        .keep_time(keep_time=True)
    )
    yield (
        DashboardLink("Traces")
        .type(DashboardLinkType.LINK)
        .icon("external link")
        .tooltip("The newest sagas, each one trace")
        .url(_TRACES)
        .target_blank(target_blank=True)
    )


def _variable(metric: str, label: str) -> QueryVariable:
    return (
        QueryVariable(label)
        .label(label)
        .datasource(PROMETHEUS)
        .query(f"label_values({metric}, {label})")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(multi=True)
        .include_all(include_all=True)
        .current(VariableOption(selected=True, text="All", value="$__all"))
    )
