"""What a scrape is answered."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from counterstep.telemetry.metrics import Exposition, watch_event_loop
from opentelemetry.metrics import Histogram
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from waiting import eventually

REQUEST: dict[str, str | int] = {
    "http.request.method": "GET",
    "http.route": "/orders",
    "http.response.status_code": 200,
}
REQUESTS = "http_server_request_duration_seconds_count"


def requests(exposition: Exposition) -> Histogram:
    return exposition.meter_provider.get_meter("test").create_histogram("http.server.request.duration", unit="s")


def text(exposition: Exposition, accept: str = "") -> str:
    return exposition.rendered([GaugeMetricFamily("measured", "Now.", 7)], accept=accept)[0].decode()


def test_the_process_the_requests_and_what_is_measured_are_shown_together() -> None:
    exposition = Exposition()
    requests(exposition).record(0.1, {**REQUEST, "url.scheme": "http"})
    shown = text(exposition)
    assert "process_cpu_seconds_total " in shown
    assert (
        f'{REQUESTS}{{http_request_method="GET",http_response_status_code="200",http_route="/orders"}} 1.0'
        in shown
    )
    assert "measured 7.0" in shown


def test_two_applications_in_one_process_do_not_count_each_other_s_requests() -> None:
    one, other = Exposition(), Exposition()
    requests(one).record(0.1, REQUEST)
    assert REQUESTS in text(one)
    assert REQUESTS not in text(other)


def test_openmetrics_is_sent_to_clients_that_accept_it_and_plain_text_to_all_others() -> None:
    assert text(Exposition(), "application/openmetrics-text;version=1.0.0;q=0.8").endswith("# EOF\n")
    for accept in ("", "*/*", "text/plain;version=nonsense", "application/json"):
        assert "# EOF" not in text(Exposition(), accept)


def test_no_series_has_a_start_time_of_another() -> None:
    assert "_created" not in text(Exposition())


async def test_a_blocked_event_loop_is_late() -> None:
    async with watching():
        before = await lateness()
        time.sleep(0.6)  # noqa: ASYNC251 - this is the fault
        await eventually(lateness, until=lambda seconds: seconds - before > 0.3, within=5)


@asynccontextmanager
async def watching() -> AsyncIterator[None]:
    task = asyncio.create_task(watch_event_loop())
    await asyncio.sleep(0)  # it has begun
    yield
    task.cancel()


async def lateness() -> float:
    return REGISTRY.get_sample_value("event_loop_lag_seconds_sum") or 0.0
