"""What the sink says to exporters, good and bad."""

import gzip
import json
from typing import Any

import httpx2
import pytest
import sample_traces
from google.protobuf import json_format
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from infra.trace_sink import otlp, otlp_json
from infra.trace_sink.bounds import MOST_BYTES
from infra.trace_sink.otlp import JSON, PROTOBUF
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["ff" * 16, "ab" * 8]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["resourceSpans", "scopeSpans", "spans", "links", "traceId", "spanId", "attributes", "kind"]
            ),
            inner,
        )
    ),
)
# One sink takes all examples: none of them may leave it unable to answer the next.
many = examples(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def post(sink: httpx2.Client, body: bytes, content_type: str = PROTOBUF, **headers: str) -> Any:
    return sink.post("/v1/traces", content=body, headers={"Content-Type": content_type, **headers})


def as_json(trace: sample_traces.SampleTrace) -> bytes:
    traces = TracesData.FromString(trace.export.SerializeToString())
    return json.dumps(otlp_json.render(traces)).encode()


def names(sink: httpx2.Client, trace: sample_traces.SampleTrace) -> list[str]:
    [found] = sink.get(f"/api/traces/{trace.hex_id}").json()["data"]
    return sorted(span["operationName"] for span in found["spans"])


def sent(trace: sample_traces.SampleTrace) -> list[str]:
    return sorted(span.name for spans in trace.spans.values() for span in spans)


@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("content_type", [PROTOBUF, JSON, "application/json; charset=utf-8"])
def test_spans_are_taken_in_both_encodings_and_compressed(
    sink: httpx2.Client, content_type: str, encoding: str
) -> None:
    trace = sample_traces.order("order-1")
    body = trace.export.SerializeToString() if content_type == PROTOBUF else as_json(trace)
    answer = post(sink, gzip.compress(body) if encoding else body, content_type, **{"Content-Encoding": encoding})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type.partition(";")[0]
    assert names(sink, trace) == sent(trace)


def test_ids_in_json_are_hexadecimal_and_enums_are_numbers() -> None:
    trace = sample_traces.order("order-1")
    document = json.loads(as_json(trace))
    span = document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert (span["traceId"], span["kind"]) == (trace.hex_id, 2)
    assert otlp_json.parse(document, TracesData()).SerializeToString() == trace.export.SerializeToString()


def test_nothing_is_nothing_wrong(sink: httpx2.Client) -> None:
    assert post(sink, b"").status_code == 200
    assert post(sink, b"{}", JSON).json() == {}


@pytest.mark.parametrize(
    ("status", "body", "content_type", "encoding"),
    [
        (400, b"\xff not protobuf", PROTOBUF, ""),
        (400, b"not json", JSON, ""),
        (400, b"[]", JSON, ""),
        (400, b"null", JSON, ""),
        (400, b"\xff\xfe", JSON, ""),
        (400, b'{"resourceSpans": 5}', JSON, ""),
        (400, b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "xyz"}]}]}]}', JSON, ""),
        (400, b"[" * 100_000, JSON, ""),
        (400, b"not gzip", PROTOBUF, "gzip"),
        (400, gzip.compress(b"", mtime=0)[:-4], PROTOBUF, "gzip"),
        (413, gzip.compress(b"\0" * (MOST_BYTES + 1), mtime=0), PROTOBUF, "gzip"),
        (413, b"\0" * (MOST_BYTES + 1), PROTOBUF, ""),
        (415, b"", "text/plain", ""),
        (415, b"", "", ""),
        (415, b"", PROTOBUF, "br"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(
    sink: httpx2.Client, status: int, body: bytes, content_type: str, encoding: str
) -> None:
    answer = post(sink, body, content_type, **{"Content-Encoding": encoding})
    assert answer.status_code == status
    reason = otlp.refusal("")
    if content_type == JSON:
        json_format.Parse(answer.content, reason)
    else:
        reason.ParseFromString(answer.content)
    assert reason.message
    assert "\n" not in reason.message


def test_spans_without_an_id_are_counted_and_the_others_kept(sink: httpx2.Client) -> None:
    trace = sample_traces.order("order-1")
    trace.spans["order"][0].span_id = b"short"
    trace.spans["order"][1].trace_id = bytes(16)
    partial = ExportTraceServiceResponse.FromString(post(sink, trace.export.SerializeToString()).content)
    assert partial.partial_success.rejected_spans == 2
    assert partial.partial_success.error_message
    assert len(names(sink, trace)) == len(sent(trace)) - 2


@many
@given(body=st.binary(), content_type=st.sampled_from([PROTOBUF, JSON]), encoding=st.sampled_from(["", "gzip"]))
def test_no_bytes_are_too_strange(sink: httpx2.Client, body: bytes, content_type: str, encoding: str) -> None:
    assert post(sink, body, content_type, **{"Content-Encoding": encoding}).status_code in {200, 400}


@many
@given(document=st.dictionaries(st.just("resourceSpans"), anything))
def test_no_document_is_too_strange(sink: httpx2.Client, document: object) -> None:
    assert post(sink, json.dumps(document).encode(), JSON).status_code in {200, 400}


def test_a_page_of_elsewhere_cannot_reach_the_sink_under_its_own_name(sink: httpx2.Client) -> None:
    assert sink.get("/api/v3/services", headers={"Host": "elsewhere.example"}).status_code == 400
