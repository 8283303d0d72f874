"""Everything that a dashboard or an alert queries is in a real scrape: metrics, labels and their values."""

from collections.abc import Callable, Iterable

import httpx2
import pytest
from contracts.topology import SHOP
from exposition import Exposition
from infra.launcher.native.stack import Stack
from infra.machine.user_error import UserError
from poison import INCOMPLETE, dead_letter, publish
from postgres_exporter import postgres_exporter
from shop import PLENTY, Shop
from watched import Selector, queries, selectors

# Prometheus adds these to all that it scrapes, and `up` for each thing that it scrapes.
ADDED = frozenset({"job", "instance"})
ADDED_METRIC = "up"

# No request fails in a healthy stack.
UNSEEN = frozenset({("http_server_request_duration_seconds_count", "http_response_status_code")})


def queried(belongs: Callable[[str], bool]) -> list[tuple[str, Selector]]:
    """The queries for the metrics that belong here, and where each stands."""
    found = [(query.where, selector) for query in queries() for selector in selectors(query.tree)]
    return [(where, each) for where, each in found if each.metric != ADDED_METRIC and belongs(each.metric)]


def is_rabbitmq_s(metric: str) -> bool:
    return metric.startswith("rabbitmq_")


def is_postgresql_s(metric: str) -> bool:
    return metric.startswith("pg_")


def is_ours(metric: str) -> bool:
    return not is_rabbitmq_s(metric) and not is_postgresql_s(metric)


def missing(exposed: Exposition, wanted: Iterable[tuple[str, Selector]]) -> list[str]:
    lacks = ((where, exposed.lacks(selector, added=ADDED, unseen=UNSEEN)) for where, selector in wanted)
    return [f"{where}: {lack}" for where, lack in lacks if lack]


async def test_every_metric_that_is_watched_is_exposed_by_a_service(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    poor = await shop.customer("diogenes", 0)
    await shop.all_ended([await shop.place(ada, {sku: 1}), await shop.place(poor, {sku: 1})])
    await dead_letter(shop, "payment", await publish(shop, "payment.commands", INCOMPLETE), within=10)
    exposed = await Exposition().scrape(*(f"{service.url}/metrics" for service in shop.stack.services.values()))
    wanted = queried(is_ours)
    assert wanted
    assert missing(exposed, wanted) == []


async def test_every_metric_that_is_watched_is_exposed_by_rabbitmq(stack: Stack) -> None:
    address = f"http://127.0.0.1:{stack.ports.broker_metrics}/metrics"
    families = {"vhost": SHOP.name, "family": ["queue_coarse_metrics", "queue_consumer_count"]}
    exposed = await Exposition().scrape(address, str(httpx2.URL(f"{address}/detailed", params=families)))
    wanted = queried(is_rabbitmq_s)
    assert wanted
    assert missing(exposed, wanted) == []


async def test_every_metric_that_is_watched_is_exposed_by_the_exporter_of_postgresql(stack: Stack) -> None:
    try:
        async with postgres_exporter(stack) as address:
            exposed = await Exposition().scrape(address)
    except UserError as failure:
        pytest.skip(failure.reason)
    wanted = queried(is_postgresql_s)
    assert wanted
    assert missing(exposed, wanted) == []
