"""The dashboards' files: whole, legible, and drawn from their data."""

from itertools import combinations
from typing import Any

import pytest
from infra.machine.ports import Ports
from infra.monitoring.files import files
from watched import Query, answered, dashboards, panels, queries

SCREEN = 24  # columns of Grafana's grid
LABELS_OF_A_SCRAPE = {"job", "instance"}


def every_panel() -> list[Any]:
    return [
        pytest.param(panel, id=f"{name}: {panel['title']}")
        for name, dashboard in dashboards().items()
        for panel in panels(dashboard)
    ]


def test_the_files_are_drawn_from_their_data() -> None:
    stale = [path.name for path, text in files().items() if not path.exists() or path.read_text() != text]
    assert not stale, "type: .venv/bin/python -m infra.monitoring"


def test_a_dashboard_is_found_by_its_own_uid_and_title() -> None:
    found = dashboards().values()
    assert len({each["uid"] for each in found}) == len({each["title"] for each in found}) == len(found) == 4


@pytest.mark.parametrize("panel", every_panel())
def test_a_panel_says_what_it_shows_and_what_to_do(panel: Any) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert {target["datasource"]["uid"] for target in panel["targets"]} == {"prometheus"}


@pytest.mark.parametrize("dashboard", dashboards().values(), ids=dashboards())
def test_no_two_panels_lie_on_each_other(dashboard: Any) -> None:
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        apart = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or apart
    assert all(place["x"] + place["w"] <= SCREEN for place in places)


@pytest.mark.parametrize("dashboard", dashboards().values(), ids=dashboards())
def test_every_line_of_panels_fills_the_screen(dashboard: Any) -> None:
    widths: dict[int, int] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        widths[place["y"]] = widths.get(place["y"], 0) + place["w"]
    assert set(widths.values()) == {SCREEN}


@pytest.mark.parametrize("dashboard", dashboards().values(), ids=dashboards())
def test_a_dashboard_leads_to_the_others_and_to_the_traces(dashboard: Any) -> None:
    others, traces = dashboard["links"]
    assert set(others["tags"]) == set(dashboard["tags"])
    assert traces["url"].startswith(f"http://localhost:{Ports().traces}/search?")


@pytest.mark.parametrize("query", queries(), ids=lambda query: query.where)
def test_a_query_is_promql_and_keeps_the_labels_that_are_shown(query: Query) -> None:
    kept = answered(query.tree)
    assert kept is None or query.shown <= kept
    assert kept is not None or query.shown <= LABELS_OF_A_SCRAPE
