"""The page without a browser: what it answers, and that nothing in a trace can do anything to it."""

import json

import httpx2
import sample_traces
from infra.trace_sink.otlp import PROTOBUF


def keep(sink: httpx2.Client, trace: sample_traces.SampleTrace) -> sample_traces.SampleTrace:
    answer = sink.post("/v1/traces", content=trace.export.SerializeToString(), headers={"Content-Type": PROTOBUF})
    assert answer.status_code == 200
    return trace


def test_what_a_trace_holds_is_text_and_never_markup(sink: httpx2.Client) -> None:
    evil = "<script>alert(1)</script>\"'"
    trace = sample_traces.SampleTrace()
    span = trace.span(evil, evil, (0, 1), about={evil: evil, "order.id": evil})
    trace.event(span, 0.5, evil, {evil: evil})
    page = sink.get(f"/trace/{keep(sink, trace).hex_id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in sink.get("/search", params={"tags": evil, "service": evil, "limit": evil}).text


def test_a_browser_may_load_and_run_nothing_but_the_pages_own(sink: httpx2.Client) -> None:
    policy = sink.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_an_id_leads_to_its_trace(sink: httpx2.Client) -> None:
    there = f"/trace/{'ab' * 16}"
    for given in ({"traceID": "AB" * 16}, {"tags": "ab" * 16}):
        assert sink.get("/search", params=given).headers["Location"] == there


def test_a_trace_is_found_by_a_tag_in_either_form(sink: httpx2.Client) -> None:
    trace = keep(sink, sample_traces.order("order-1"))
    keep(sink, sample_traces.order("order-2"))
    for tags in (
        "order.id=order-1",
        "order.id=order-1 saga.step='reserve_stock'",
        json.dumps({"order.id": "order-1"}),
    ):
        page = sink.get("/search", params={"tags": tags}).text
        assert page.count('class="result"') == 1
        assert trace.hex_id in page


def test_faults_can_be_asked_for(sink: httpx2.Client) -> None:
    keep(sink, sample_traces.order("order-1"))
    failed = keep(sink, sample_traces.order("order-2", failed=True))
    page = sink.get("/search", params={"tags": "error=true"}).text
    assert (page.count('class="result"'), failed.hex_id in page) == (1, True)


def test_what_cannot_be_searched_for_is_told_in_a_line(sink: httpx2.Client) -> None:
    for wrong in (
        {"tags": "order.id"},
        {"tags": "'"},
        {"minDuration": "soon"},
        {"lookback": "x"},
        {"traceID": "?"},
    ):
        answer = sink.get("/search", params=wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text


def test_a_trace_that_is_not_here_is_told(sink: httpx2.Client) -> None:
    assert "is here" in sink.get(f"/trace/{'ab' * 16}").text
    assert sink.get("/trace/nonsense").status_code == 400


def test_a_trace_of_many_spans_in_one_line_is_drawn(sink: httpx2.Client) -> None:
    trace = sample_traces.SampleTrace()
    parent = trace.span("order", "0", (0, 1))
    for depth in range(1, 2_000):
        parent = trace.span("order", str(depth), (0, 1), parent=parent)
    page = sink.get(f"/trace/{keep(sink, trace).hex_id}").text
    assert page.count("<details open>") == 1_999


def test_links_lead_to_the_span_of_the_other_trace(sink: httpx2.Client) -> None:
    trace, other = sample_traces.order("order-1"), sample_traces.order("order-2")
    there = other.spans["order"][0]
    trace.spans["payment"][0].links.add(trace_id=there.trace_id, span_id=there.span_id)
    page = sink.get(f"/trace/{keep(sink, trace).hex_id}").text
    assert f'href="/trace/{other.hex_id}#s-{there.span_id.hex()}"' in page
    assert f'id="s-{there.span_id.hex()}"' in sink.get(f"/trace/{keep(sink, other).hex_id}").text


def test_a_search_that_only_jaeger_understands_is_refused_and_not_answered_with_more(sink: httpx2.Client) -> None:
    answer = sink.get("/api/v3/traces", params={"query.filter": "{}"})
    assert (answer.status_code, answer.json()["error"]["httpCode"]) == (400, 400)


def test_a_sagas_trace_leads_to_the_sagas_page(sink: httpx2.Client) -> None:
    trace = sample_traces.SampleTrace()
    trace.span("order", "POST /orders", (0, 1), about={"saga.id": "01234567-89ab-7def-8123-456789abcdef"})
    page = sink.get(f"/trace/{keep(sink, trace).hex_id}").text
    assert 'href="http://console.example/sagas/01234567-89ab-7def-8123-456789abcdef"' in page
