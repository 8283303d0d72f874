"""Open-loop load: orders are sent when they are due, however slow the system is, and each is followed to its end.

A `Mix` says how orders should end, `plan` makes the orders, `Running` sends them, and a `Tally` counts.
"""

from infra.load.filling import fill
from infra.load.measurements import Measurements
from infra.load.mix import Mix
from infra.load.planning import Planned, plan
from infra.load.reporting import report, screen, verdict
from infra.load.running import Running

__all__ = [
    "Measurements",
    "Mix",
    "Planned",
    "Running",
    "fill",
    "plan",
    "report",
    "screen",
    "verdict",
]
