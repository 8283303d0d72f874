"""Where traces go, and the services' settings for it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from infra.components.traces import JAEGER_CONFIGURATION, Traces
from infra.machine.home import Home
from infra.machine.ports import Ports
from infra.machine.user_error import UserError

HERE = {
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
    "TRACE_UI_URL": "http://127.0.0.1:16686",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}


def traces(home: Path, **environment: str) -> Traces:
    return Traces(Home(home), Ports(), environment)


@pytest.fixture
def jaeger(tmp_path: Path) -> Path:
    program = tmp_path / "bin" / "jaeger"
    program.parent.mkdir()
    program.touch(mode=0o755)
    return program


def test_services_send_here_and_say_where_it_is_shown(tmp_path: Path) -> None:
    assert traces(tmp_path).settings() == HERE


def test_how_many_traces_are_kept_may_be_said(tmp_path: Path) -> None:
    own = {"OTEL_TRACES_SAMPLER_ARG": "0.1", "OTEL_SDK_DISABLED": "true", "OTEL_LOGS_EXPORTER": "none"}
    assert traces(tmp_path, **own).settings() == HERE | own


def test_jaeger_is_sent_no_logs_unless_one_asks_for_it(tmp_path: Path, jaeger: Path) -> None:
    named = {"JAEGER_BIN": str(jaeger)}
    assert traces(tmp_path, **named).settings() == HERE
    asked = {"OTEL_LOGS_EXPORTER": "otlp"}
    assert traces(tmp_path, **named, **asked).settings() == HERE | asked


def test_one_kind_may_have_a_collector_of_its_own(tmp_path: Path) -> None:
    own = {
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "https://metrics.example/otlp",
        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/protobuf",
    }
    expected = {name: text for name, text in HERE.items() if name != "OTEL_METRICS_EXPORTER"} | own
    assert traces(tmp_path, **own).settings() == expected


def test_a_protocol_that_is_meant_for_other_programs_is_not_passed_on(tmp_path: Path) -> None:
    assert traces(tmp_path, OTEL_EXPORTER_OTLP_PROTOCOL="grpc").settings() == HERE


def test_a_collector_of_the_users_own_wins_with_or_without_a_page(tmp_path: Path) -> None:
    own = {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example:4318"}
    assert traces(tmp_path, **own).settings() == own
    page = {"TRACE_UI_URL": "https://jaeger.example", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}
    assert traces(tmp_path, **own, **page).settings() == own | page


def test_the_sink_runs_where_there_is_no_jaeger(tmp_path: Path) -> None:
    part = traces(tmp_path, PATH="/nowhere").part()
    assert part.command[1:] == ("-m", "infra.trace_sink")
    assert part.environment["OTLP_PORT"] == "4318"


def test_jaeger_runs_where_it_is_on_the_path_or_named(tmp_path: Path, jaeger: Path) -> None:
    for environment in ({"PATH": str(jaeger.parent)}, {"PATH": "/nowhere", "JAEGER_BIN": str(jaeger)}):
        part = traces(tmp_path, **environment).part()
        assert part.command == (str(jaeger), "--config", str(JAEGER_CONFIGURATION))


def test_a_jaeger_that_is_none_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="traces: JAEGER_BIN is '/nowhere/jaeger', which is not a program"):
        traces(tmp_path, JAEGER_BIN="/nowhere/jaeger").part()


def test_every_address_of_jaegers_is_one_that_we_set(tmp_path: Path, jaeger: Path) -> None:
    given = traces(tmp_path, JAEGER_BIN=str(jaeger)).part().environment
    addresses = list(endpoints(yaml.safe_load(JAEGER_CONFIGURATION.read_text())))
    assert sorted(address.removeprefix("${env:").partition(":")[0] for address in addresses) == sorted(given)


def endpoints(configuration: Any) -> list[str]:
    if not isinstance(configuration, dict):
        return []
    here = [value for name, value in configuration.items() if name == "endpoint"]
    return here + [each for inner in configuration.values() for each in endpoints(inner)]
