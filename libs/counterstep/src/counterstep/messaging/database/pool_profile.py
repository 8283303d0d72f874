"""Requests and messages have connections of their own: a flood of the ones never keeps the others waiting.

After Nygard, "Release It!", on bulkheads. It also lets PostgreSQL plan their statements differently.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_BY_KEY: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
"""Planned once, and each row found by its index: also in a table that was empty when it was planned."""


@dataclass(frozen=True, slots=True)
class PoolProfile:
    """Who uses a pool, how many connections it may have, and how PostgreSQL is set for them."""

    name: str
    size: int
    settings: Mapping[str, str] = field(default_factory=dict)


REQUESTS: Final = PoolProfile("requests", size=10)
"""HTTP: questions of many kinds, each planned for what it asks."""

MESSAGES: Final = PoolProfile("messages", size=5, settings=_BY_KEY)
"""Batches, and what a service does unasked: few fixed statements that name their rows by key, again and again."""

CONNECTIONS: Final = REQUESTS.size + MESSAGES.size + 1
"""What one process may hold: both pools', and its relay's."""
