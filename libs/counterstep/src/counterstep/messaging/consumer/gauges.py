"""The gauges of what could not be handled, measured at the moment of a scrape and kept nowhere."""

from collections.abc import Iterable, Sequence
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from counterstep.messaging.consumer import retries
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.scrape.measuring import Measure
from counterstep.messaging.wire.errors import FORGED

_WAITING: Final = """
SELECT count(*), count(*) FILTER (WHERE starts_with(reason, $1)) FROM dead_letters WHERE status = 'waiting'
"""


async def of_dead_letters(sql: Sql) -> Sequence[Metric]:
    """The dead letters that an operator has to settle, and those of them that their sender may not send."""
    ((waiting, forged),) = await sql(_WAITING, FORGED)
    return (
        GaugeMetricFamily("dead_letters_waiting", "Dead letters that wait for an operator.", waiting),
        GaugeMetricFamily("dead_letters_forged", "Those of them that their sender may not send.", forged),
    )


def of_retries(queues: Iterable[str]) -> Measure:
    """The messages of these queues that wait for their next try."""

    async def measure(sql: Sql) -> Sequence[Metric]:
        waiting = await retries.waiting(sql)
        gauge = GaugeMetricFamily(
            "retries_waiting", "Messages that could not be handled and wait for their next try.", labels=["queue"]
        )
        for queue in queues:
            gauge.add_metric([queue], waiting.get(queue, 0))
        return (gauge,)

    return measure
