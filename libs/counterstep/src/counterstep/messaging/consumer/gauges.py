"""The gauge of the dead letters, measured at the moment of a scrape and kept nowhere."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from counterstep.messaging.database.sql import Sql
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
