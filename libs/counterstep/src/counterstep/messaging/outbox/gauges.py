"""The gauges of the outbox, measured at the moment of a scrape and kept nowhere."""

from collections.abc import Sequence

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from counterstep.messaging.database.sql import Sql
from counterstep.messaging.outbox import quarantine
from counterstep.messaging.outbox import table as outbox


async def of_outbox(sql: Sql) -> Sequence[Metric]:
    """The messages that the broker has not confirmed yet, and those that it never will."""
    backlog = await outbox.backlog(sql)
    return (
        GaugeMetricFamily(
            "outbox_messages", "Messages that are committed and not yet confirmed.", backlog.waiting
        ),
        GaugeMetricFamily(
            "outbox_oldest_age_seconds", "Age of the oldest message in the outbox.", backlog.oldest_seconds
        ),
        GaugeMetricFamily(
            "outbox_quarantined_messages",
            "Messages that the broker will not take, until an operator settles them.",
            await quarantine.waiting(sql),
        ),
    )


def of_refused(messages: int) -> Metric:
    """The messages that the broker refused at their last publish."""
    return GaugeMetricFamily(
        "outbox_refused_messages", "Messages that the broker would not take when last offered.", messages
    )
