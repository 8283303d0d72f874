"""Requests and messages have pools of their own: a flood of requests never keeps messages waiting, nor vice versa.

Nygard calls this a bulkhead ("Release It!"). Two pools also let PostgreSQL plan their statements differently: see
docs/decisions/0036-requests-and-messages-have-connections-of-their-own.md.
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
"""Plan each statement once, and find each row by its index, also in a table that was empty when it was planned."""


@dataclass(frozen=True, slots=True)
class PoolProfile:
    """The name of a pool, how many connections it may open, and PostgreSQL's settings for them."""

    name: str
    size: int
    settings: Mapping[str, str] = field(default_factory=dict)


REQUESTS: Final = PoolProfile("requests", size=10)
"""HTTP: queries of many kinds, each planned for its own arguments."""

MESSAGES: Final = PoolProfile("messages", size=5, settings=_BY_KEY)
"""Batches and background tasks: few fixed statements that name their rows by key."""

CONNECTIONS: Final = REQUESTS.size + MESSAGES.size + 2
"""The most connections that one process opens: those of both pools, its relay's, and the one that listens."""
