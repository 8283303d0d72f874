"""What a line of the log looks like, in a process of its own: logging is set up once per process."""

import json
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import structlog
from counterstep.telemetry import Destinations, Links, TelemetryScope, begin, set_up_logging, set_up_telemetry
from opentelemetry.trace import SpanKind

set_up_logging({format!r}, Links("http://jaeger:16686"))
set_up_telemetry("test", Destinations(traces="http://127.0.0.1:1/v1/traces"))
span = begin("process", None, kind=SpanKind.CONSUMER, attributes={{}})
with TelemetryScope(span, {{"saga_id": "s", "message_id": "m"}}):
    try:
        secret = "never shown"
        raise ValueError("amqp://order:swordfish@127.0.0.1")
    except ValueError:
        structlog.get_logger("counterstep").exception("set aside", password="swordfish")
import os; os._exit(0)
"""


def line(log_format: str) -> str:
    program = PROGRAM.format(format=log_format)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return done.stdout


@pytest.fixture(scope="module")
def logged() -> Any:
    return json.loads(line("json"))


def test_a_line_says_when_what_and_where(logged: Any) -> None:
    assert (logged["event"], logged["level"], logged["logger"]) == ("set aside", "error", "counterstep")
    assert logged["timestamp"].endswith("Z")


def test_a_line_says_which_message_of_which_saga_and_trace_it_is_about(logged: Any) -> None:
    assert (logged["saga_id"], logged["message_id"]) == ("s", "m")
    assert logged["trace_url"] == f"http://jaeger:16686/trace/{logged['trace_id']}"


def test_a_line_shows_where_it_went_wrong_without_any_secret(logged: Any) -> None:
    assert "Traceback" in logged["exception"]
    assert "swordfish" not in json.dumps(logged)
    assert "never shown" not in json.dumps(logged)


def test_people_are_shown_the_same() -> None:
    shown = line("console")
    assert all(part in shown for part in ("set aside", "saga_id", "trace_url", "Traceback"))
    assert "swordfish" not in shown
