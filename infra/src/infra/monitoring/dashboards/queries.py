"""PromQL queries that several panels use."""

from collections.abc import Iterable
from typing import Final

PERCENTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def quantiles(histogram: str, *, where: str = "") -> dict[str, str]:
    """Queries for the median and the tail of a histogram, by legend."""
    return {name: quantile(rank, histogram, where=where) for name, rank in PERCENTILES.items()}


def quantile(rank: float, histogram: str, *, by: Iterable[str] = (), where: str = "") -> str:
    """A query for one quantile, grouped by these labels. `where` is a selector such as `{queue="x"}`."""
    labels = ", ".join(("le", *by))
    return f"histogram_quantile({rank}, sum by ({labels}) (rate({histogram}_bucket{where}[$__rate_interval])))"


def per_second(counter: str, *by: str, where: str = "") -> str:
    """A query for a counter's rate per second, grouped by these labels."""
    total = f"sum by ({', '.join(by)})" if by else "sum"
    return f"{total} (rate({counter}{where}[$__rate_interval]))"


def share(counter: str, *by: str, where: str) -> str:
    """A query for the share of a counter that matches, grouped by these labels. Without a match it is 0."""
    such, everything = per_second(counter, *by, where=where), per_second(counter, *by)
    return f"({such} or 0 * {everything}) / {everything}"
