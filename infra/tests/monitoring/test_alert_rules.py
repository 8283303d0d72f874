"""The alert rules: whole, and each with a page that says what to do."""

import re
import shutil
import subprocess
from typing import Any

import pytest
from counterstep.http.views.boxes import OutboxView
from counterstep.monitoring.alerts import alerts_of_outboxes
from infra.machine.checkout import CHECKOUT
from infra.monitoring.files import ALERTS
from watched import alerts, dashboards, panels

PROMTOOL = shutil.which("promtool")
RUNBOOKS = CHECKOUT / "docs" / "runbooks"
PAGE_OF_STATUS = re.compile(r'_alert\("([\w-]+)"')
PAGE_OF_PANEL = re.compile(r"Runbook: ([\w-]+)\.")


def pages() -> set[str]:
    return {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}


def named_by_alerts() -> set[str]:
    return {rule["annotations"]["runbook"].removeprefix("docs/runbooks/").removesuffix(".md") for rule in alerts()}


def named_by_status() -> set[str]:
    source = (CHECKOUT / "libs/counterstep/src/counterstep/monitoring/alerts.py").read_text()
    return set(PAGE_OF_STATUS.findall(source))


def named_by_panels() -> set[str]:
    found = (
        PAGE_OF_PANEL.findall(panel["description"]) for each in dashboards().values() for panel in panels(each)
    )
    return {page for named in found for page in named}


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_how_bad_it_is_and_what_is_wrong(rule: Any) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["for"]
    assert not rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["description"].endswith(".")


@pytest.mark.skipif(not PROMTOOL, reason="promtool, of Debian's package prometheus, is not installed")
def test_alerts_fire_when_they_should_and_say_what_they_should() -> None:
    command = [str(PROMTOOL), "test", "rules", str(ALERTS.with_name("alerts_test.yml"))]
    tested = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - promtool
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_no_two_alerts_have_one_name() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("named", [named_by_alerts, named_by_status, named_by_panels])
def test_every_runbook_that_is_named_is_there(named: Any) -> None:
    assert named()
    assert named() - pages() == set()


def test_every_runbook_is_named_by_an_alert() -> None:
    assert pages() - named_by_alerts() - named_by_status() == set()


def test_every_runbook_is_in_the_index_beside_its_alerts() -> None:
    index = (RUNBOOKS / "README.md").read_text()
    assert {page for page in pages() if f"]({page}.md)" not in index} == set()
    assert {rule["alert"] for rule in alerts() if f"`{rule['alert']}`" not in index} == set()


def test_status_and_prometheus_agree_on_what_is_much() -> None:
    [old] = [rule for rule in alerts() if rule["alert"] == "OutboxOld"]
    limit = float(old["expr"].rpartition(" > ")[2])
    assert not alerts_of_outboxes({"order": OutboxView(waiting=1, oldest_seconds=limit, refused=0)})
    assert alerts_of_outboxes({"order": OutboxView(waiting=1, oldest_seconds=limit + 1, refused=0)})
