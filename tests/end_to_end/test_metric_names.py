"""Every metric is there, on each service that has it, under a name and with a unit by Prometheus' conventions.

The conventions: https://prometheus.io/docs/practices/naming/.
"""

import re

import pytest
from contracts.topology import SERVICES
from scraping import Scrape, scrape
from shop import PLENTY, Shop

EVERYWHERE: dict[str, tuple[str, set[str]]] = {
    "outbox_messages": ("gauge", set()),
    "outbox_oldest_age_seconds": ("gauge", set()),
    "outbox_quarantined_messages": ("gauge", set()),
    "outbox_refused_messages": ("gauge", set()),
    "messaging_batch_messages": ("histogram", {"queue"}),
    "messaging_process_duration_seconds": ("histogram", {"queue", "outcome"}),
    "messaging_retries_total": ("counter", {"queue"}),
    "messaging_dead_letters_total": ("counter", {"queue"}),
    "messaging_isolated_publishes_total": ("counter", set()),
    "messages_forged_total": ("counter", {"queue", "sender"}),
    "messaging_publishes_total": ("counter", {"exchange", "outcome"}),
    "messaging_publish_duration_seconds": ("histogram", {"exchange"}),
    "dead_letters_waiting": ("gauge", set()),
    "dead_letters_forged": ("gauge", set()),
    "retries_waiting": ("gauge", {"queue"}),
    "database_up": ("gauge", set()),
    "database_pool_connections": ("gauge", {"pool", "state"}),
    "database_pool_limit": ("gauge", {"pool"}),
    "event_loop_lag_seconds": ("histogram", set()),
    "http_server_request_duration_seconds": (
        "histogram",
        {"http_request_method", "http_route", "http_response_status_code"},
    ),
    "http_requests_waiting": ("gauge", set()),
    "process_cpu_seconds_total": ("counter", set()),
    "process_resident_memory_bytes": ("gauge", set()),
    "python_gc_collections_total": ("counter", {"generation"}),
}
PARTICIPANTS: dict[str, tuple[str, set[str]]] = {"inbox_duplicates_total": ("counter", {"type"})}
ORCHESTRATORS: dict[str, tuple[str, set[str]]] = {
    "saga_started_total": ("counter", {"saga"}),
    "saga_ended_total": ("counter", {"saga", "outcome"}),
    "saga_duration_seconds": ("histogram", {"saga", "outcome"}),
    "saga_step_duration_seconds": ("histogram", {"saga", "step", "direction", "outcome"}),
    "saga_retries_total": ("counter", {"saga", "step", "direction"}),
    "saga_running": ("gauge", {"saga", "status"}),
    "saga_oldest_age_seconds": ("gauge", {"saga", "status"}),
}

COUNTED_OR_BASE_UNIT = re.compile(
    r"_(seconds|bytes|messages|info|up|fds|connections|limit|waiting|forged|running|total)$", re.ASCII
)


@pytest.fixture
async def traffic(shop: Shop) -> None:
    """One order, so that every service has been asked something."""
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    await shop.saga_ended(order["saga_id"])


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.usefixtures("traffic")
async def test_a_service_shows_every_metric_with_its_type_and_labels(shop: Shop, service: str) -> None:
    seen = await scrape(shop, service)
    own = ORCHESTRATORS if service == "orchestrator" else PARTICIPANTS
    for name, (kind, labels) in {**EVERYWHERE, **own}.items():
        assert name in seen
        assert (seen[name].type, seen.labels(name)) == (kind, labels), name


@pytest.mark.parametrize("service", SERVICES)
async def test_names_types_and_units_follow_the_conventions(shop: Shop, service: str) -> None:
    for name, family in (await scrape(shop, service)).items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name), name
        assert family.documentation, name
        assert COUNTED_OR_BASE_UNIT.search(name), name
        assert name.endswith("_total") is (family.type == "counter"), name


async def test_every_saga_and_status_is_shown_also_where_there_is_none(shop: Shop) -> None:
    seen = await scrape(shop, "orchestrator")
    for name in ("saga_running", "saga_oldest_age_seconds"):
        assert {(sample.labels["saga"], sample.labels["status"]) for sample in seen[name].samples} >= {
            ("place_order", status) for status in ("running", "compensating", "needs_attention")
        }


async def test_no_two_series_are_the_same(shop: Shop) -> None:
    seen: Scrape = await scrape(shop, "orchestrator")
    series = [
        (sample.name, *sorted(sample.labels.items())) for family in seen.values() for sample in family.samples
    ]
    assert len(series) == len(set(series))
