"""OpenTelemetry's own variables say where telemetry goes."""

from typing import Final

import pytest
from counterstep.http.settings import ENV_FILE, WebSettings
from counterstep.telemetry import Destinations

COLLECTOR: Final = "http://collector:4318"
ALL: Final = Destinations(
    traces=f"{COLLECTOR}/v1/traces", logs=f"{COLLECTOR}/v1/logs", metrics=f"{COLLECTOR}/v1/metrics"
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv(ENV_FILE, raising=False)
    monkeypatch.setenv("HTTP_PORT", "1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"{COLLECTOR}/")
    return monkeypatch


def destinations(environment: pytest.MonkeyPatch, **variables: str) -> Destinations:
    for name, value in variables.items():
        environment.setenv(name, value)
    return WebSettings.load().destinations()


def test_a_collector_gets_all_three_kinds(environment: pytest.MonkeyPatch) -> None:
    assert destinations(environment) == ALL


def test_without_a_collector_nothing_is_sent(environment: pytest.MonkeyPatch) -> None:
    assert destinations(environment, OTEL_EXPORTER_OTLP_ENDPOINT="") == Destinations()


@pytest.mark.parametrize("value", ["true", "TRUE"])
def test_all_of_it_can_be_disabled(environment: pytest.MonkeyPatch, value: str) -> None:
    assert destinations(environment, OTEL_SDK_DISABLED=value) == Destinations()


@pytest.mark.parametrize("value", ["", "false", "1"])
def test_only_true_disables_it(environment: pytest.MonkeyPatch, value: str) -> None:
    assert destinations(environment, OTEL_SDK_DISABLED=value) == ALL


@pytest.mark.parametrize("value", ["none", "None", "prometheus", "console", " none ,"])
def test_a_kind_can_be_left_out(environment: pytest.MonkeyPatch, value: str) -> None:
    assert destinations(environment, OTEL_METRICS_EXPORTER=value) == Destinations(traces=ALL.traces, logs=ALL.logs)


@pytest.mark.parametrize("value", ["otlp", "", "prometheus,otlp"])
def test_a_kind_that_is_asked_for_is_sent(environment: pytest.MonkeyPatch, value: str) -> None:
    assert destinations(environment, OTEL_METRICS_EXPORTER=value) == ALL


def test_an_address_of_one_kind_is_taken_as_it_is(environment: pytest.MonkeyPatch) -> None:
    own = "https://logs.example/otlp"
    found = destinations(environment, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=own, OTEL_EXPORTER_OTLP_ENDPOINT="")
    assert found == Destinations(logs=own)


def test_how_often_and_where_events_go_can_be_said(environment: pytest.MonkeyPatch) -> None:
    found = destinations(
        environment, OTEL_METRIC_EXPORT_INTERVAL="5000", OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN="http,logs/dup"
    )
    assert (found.metrics_every, found.span_events_too) == (5, True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OTEL_LOGS_EXPORTER", "zipkin", "there is no exporter 'zipkin' here; say otlp or none"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "grpc is not spoken here; say http/protobuf"),
        ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/json", "http/json is not spoken here"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0", ""),
    ],
)
def test_what_is_not_done_here_is_told_in_one_line(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    with pytest.raises(SystemExit, match=f"cannot start: {name}: {said}"):
        destinations(environment, **{name: value})
