"""Jaeger's query API returns the spans that were sent over OTLP. If JAEGER_BIN names a Jaeger, it has to agree."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import sample_traces
from infra.components.traces import Traces
from infra.machine.loopback import DIRECTLY

NOBODY = "f" * 32
AHEAD = timedelta(minutes=1)


@pytest.fixture(scope="module")
def api(traces: Traces) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=traces.url, timeout=30, **DIRECTLY) as client:
        yield client


@pytest.fixture(scope="module")
def refused(traces: Traces, api: httpx2.Client) -> sample_traces.SampleTrace:
    """The trace of an order that was compensated, once it can be read."""
    trace = sample_traces.order("order-17", refused=True)
    send(traces, trace)
    patience = time.monotonic() + 30
    while api.get(f"/api/traces/{trace.hex_id}").status_code != 200:
        assert time.monotonic() < patience
    return trace


def send(traces: Traces, trace: sample_traces.SampleTrace) -> None:
    body = trace.export.SerializeToString()
    with httpx2.Client(**DIRECTLY) as client:
        answer = client.post(
            f"{traces.otlp_url}/v1/traces", content=body, headers={"Content-Type": "application/x-protobuf"}
        )
    assert answer.status_code == 200


def window(**query: str) -> dict[str, str]:
    """A search of the last hour for what else is given."""
    now = datetime.now(UTC)
    times = {"startTimeMin": (now - timedelta(hours=1)).isoformat(), "startTimeMax": (now + AHEAD).isoformat()}
    return {f"query.{name}": value for name, value in (times | query).items()}


def found(api: httpx2.Client, **query: str) -> list[str]:
    answer = api.get("/api/v3/trace-summaries", params=window(**query))
    assert answer.status_code == 200, answer.text
    return [summary["traceId"] for summary in answer.json().get("summaries", [])]


def spans_of(answer: httpx2.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    return [
        span
        for resource in answer.json()["result"]["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


@pytest.mark.usefixtures("refused")
def test_services_are_those_that_sent(api: httpx2.Client) -> None:
    assert set(api.get("/api/v3/services").json()["services"]) >= {"order", "inventory", "payment", "orchestrator"}


@pytest.mark.usefixtures("refused")
def test_operations_are_a_services_names_and_kinds(api: httpx2.Client) -> None:
    every = api.get("/api/v3/operations", params={"service": "order"}).json()["operations"]
    assert {"name": "POST /orders", "spanKind": "server"} in every
    of_kind = api.get("/api/v3/operations", params={"service": "order", "spanKind": "consumer"}).json()[
        "operations"
    ]
    assert {each["spanKind"] for each in of_kind} == {"consumer"}


def test_a_trace_comes_back_as_it_was_sent(api: httpx2.Client, refused: sample_traces.SampleTrace) -> None:
    spans = spans_of(api.get(f"/api/v3/traces/{refused.hex_id}"))
    assert {span["spanId"] for span in spans} == {
        span.span_id.hex() for sent in refused.spans.values() for span in sent
    }
    saga = next(span for span in spans if span["name"] == "saga place_order")
    assert {"key": "saga.outcome", "value": {"stringValue": "compensated"}} in saga["attributes"]
    assert [event["name"] for event in saga["events"]][:2] == ["asked", "succeeded"]
    assert int(saga["endTimeUnixNano"]) - int(saga["startTimeUnixNano"]) == 82_000_000


@pytest.mark.parametrize(
    "query",
    [
        {"serviceName": "payment"},
        {"serviceName": "orchestrator", "operationName": "saga place_order"},
        {"serviceName": "orchestrator", "attributes": json.dumps({"order.id": "order-17"})},
        {"serviceName": "orchestrator", "durationMin": "80ms", "durationMax": "0.1s"},
    ],
    ids=json.dumps,
)
def test_a_trace_is_found_by_what_one_of_its_spans_is(
    api: httpx2.Client, refused: sample_traces.SampleTrace, query: dict[str, str]
) -> None:
    assert refused.hex_id in found(api, **query)
    spans = spans_of(api.get("/api/v3/traces", params=window(**query)))
    assert refused.hex_id in {span["traceId"] for span in spans}


@pytest.mark.parametrize(
    "query",
    [
        {"serviceName": "nobody"},
        {"serviceName": "payment", "operationName": "saga place_order"},
        {"serviceName": "orchestrator", "attributes": json.dumps({"order.id": "order-18"})},
        {"serviceName": "orchestrator", "durationMin": "1m30s"},
    ],
    ids=json.dumps,
)
def test_a_trace_is_not_found_by_what_none_of_its_spans_is(
    api: httpx2.Client, refused: sample_traces.SampleTrace, query: dict[str, str]
) -> None:
    assert refused.hex_id not in found(api, **query)


def test_where_no_trace_is_found_the_answer_is_404(api: httpx2.Client) -> None:
    for answer in (
        api.get("/api/v3/traces", params=window(serviceName="nobody")),
        api.get(f"/api/v3/traces/{NOBODY}"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"]["httpCode"] == 404


def test_no_more_are_found_than_were_asked_for(traces: Traces, api: httpx2.Client) -> None:
    for _ in range(3):
        send(traces, sample_traces.order("many"))
    assert len(found(api, serviceName="order", searchDepth="2")) == 2


def test_a_summary_counts_spans_services_and_faults(traces: Traces, api: httpx2.Client) -> None:
    trace = sample_traces.order("order-19", failed=True)
    send(traces, trace)
    query = window(serviceName="orchestrator", attributes=json.dumps({"order.id": "order-19"}))
    [summary] = api.get("/api/v3/trace-summaries", params=query).json()["summaries"]
    assert (summary["rootServiceName"], summary["rootOperationName"]) == ("order", "POST /orders")
    assert (summary["spanCount"], summary["errorSpanCount"], summary.get("orphanSpanCount", 0)) == (30, 1, 0)
    assert summary["minStartTimeUnixNano"] == str(trace.began)
    assert {each["name"]: each["spanCount"] for each in summary["services"]}["payment"] == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("startTimeMin", "yesterday"),
        ("startTimeMax", ""),
        ("durationMin", "5"),
        ("durationMax", "1.5 s"),
        ("attributes", "order.id=1"),
        ("searchDepth", "-1"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(api: httpx2.Client, name: str, value: str) -> None:
    answer = api.get("/api/v3/traces", params=window(serviceName="order") | {f"query.{name}": value})
    assert (answer.status_code, answer.json()["error"]["httpCode"]) == (400, 400)


def test_the_older_names_of_parameters_still_hold(api: httpx2.Client, refused: sample_traces.SampleTrace) -> None:
    now = datetime.now(UTC)
    query = {
        "query.service_name": "payment",
        "query.start_time_min": (now - timedelta(hours=1)).isoformat(),
        "query.start_time_max": (now + AHEAD).isoformat(),
    }
    found = spans_of(api.get("/api/v3/traces", params=query))
    assert refused.hex_id in {span["traceId"] for span in found}


def test_the_first_api_still_tells_a_trace(api: httpx2.Client, refused: sample_traces.SampleTrace) -> None:
    answer = api.get(f"/api/traces/{refused.hex_id}").json()
    assert answer["errors"] is None
    [trace] = answer["data"]
    assert trace["traceID"] == refused.hex_id
    spans = {span["operationName"]: span for span in trace["spans"]}
    assert trace["processes"][spans["POST /orders"]["processID"]]["serviceName"] == "order"
    assert spans["POST /orders"]["references"] == []
    assert spans["POST /orders"]["startTime"] == refused.began // 1000
    assert spans["POST /orders"]["duration"] == 9_400
    assert spans["saga place_order"]["references"] == [
        {
            "refType": "CHILD_OF",
            "traceID": refused.hex_id,
            "spanID": spans["process events.order:order.order_placed:orchestrator.events"]["spanID"],
        }
    ]
    tags = {tag["key"]: tag["value"] for tag in spans["saga place_order"]["tags"]}
    assert (tags["saga.outcome"], tags["span.kind"]) == ("compensated", "internal")
    fields = spans["saga place_order"]["logs"][0]["fields"]
    assert {"key": "event", "type": "string", "value": "asked"} in fields


def test_the_first_api_says_why_it_has_no_answer(api: httpx2.Client) -> None:
    answer = api.get(f"/api/traces/{NOBODY}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, 404)
    assert api.get("/api/traces/not-an-id").status_code == 400


@pytest.mark.usefixtures("refused")
def test_dependencies_are_who_called_whom(api: httpx2.Client) -> None:
    end = (datetime.now(UTC) + AHEAD).timestamp() * 1000
    links = api.get("/api/dependencies", params={"endTs": f"{end:.0f}", "lookback": "3600000"}).json()["data"]
    called = {(link["parent"], link["child"]) for link in links}
    assert called >= {("order", "orchestrator"), ("orchestrator", "payment"), ("orchestrator", "inventory")}
    assert all(parent != child for parent, child in called)
