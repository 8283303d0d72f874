"""The gauges of the database and its pools, measured at the moment of a scrape and kept nowhere."""

from collections.abc import Sequence

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from counterstep.messaging.database.pool import Pool


def of_pools(*pools: Pool) -> Sequence[Metric]:
    """The connections to the database: how many may be open, are open, and are in use."""
    connections = GaugeMetricFamily(
        "database_pool_connections",
        "Open connections of a pool, by whether one is in use.",
        labels=["pool", "state"],
    )
    limit = GaugeMetricFamily("database_pool_limit", "Connections that a pool may open.", labels=["pool"])
    for pool in pools:
        name = pool.profile.name
        connections.add_metric([name, "used"], pool.leased)
        connections.add_metric([name, "idle"], pool.idle)
        limit.add_metric([name], pool.profile.size)
    return connections, limit


def of_database(*, up: bool) -> Metric:
    """Whether the database has answered, so that the gauges that come from it are there."""
    return GaugeMetricFamily("database_up", "Whether the database has answered this scrape.", up)
