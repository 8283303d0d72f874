"""The gauges that are looked up at the moment of a scrape, and kept nowhere."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from counterstep.messaging.database.pool import Pool
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.outbox import table as outbox

_DEAD_LETTERS_WAITING: Final = "SELECT count(*) FROM dead_letters WHERE status = 'waiting'"


async def of_outbox(sql: Sql) -> Sequence[Metric]:
    """The messages that the broker has not confirmed yet."""
    backlog = await outbox.backlog(sql)
    return (
        GaugeMetricFamily(
            "outbox_messages", "Messages that are committed and not yet confirmed.", backlog.waiting
        ),
        GaugeMetricFamily(
            "outbox_oldest_age_seconds", "Age of the oldest message in the outbox.", backlog.oldest_seconds
        ),
    )


async def of_dead_letters(sql: Sql) -> Sequence[Metric]:
    """The dead letters that an operator has to settle."""
    ((waiting,),) = await sql(_DEAD_LETTERS_WAITING)
    return (GaugeMetricFamily("dead_letters_waiting", "Dead letters that wait for an operator.", waiting),)


def of_refused(messages: int) -> Metric:
    """The messages that the broker refused at their last publish."""
    return GaugeMetricFamily(
        "outbox_refused_messages", "Messages that the broker would not take when last offered.", messages
    )


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
