"""PromQL that is written in many places."""

from collections.abc import Iterable
from typing import Final

PERCENTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def quantiles(histogram: str, *, where: str = "") -> dict[str, str]:
    """Draw the median and the tail of all that a histogram holds: legend → query."""
    return {name: quantile(rank, histogram, where=where) for name, rank in PERCENTILES.items()}


def quantile(rank: float, histogram: str, *, by: Iterable[str] = (), where: str = "") -> str:
    """Ask for one quantile, apart by these labels. `where` is a selector such as `{queue="x"}`."""
    labels = ", ".join(("le", *by))
    return f"histogram_quantile({rank}, sum by ({labels}) (rate({histogram}_bucket{where}[$__rate_interval])))"


def per_second(counter: str, *by: str, where: str = "") -> str:
    """Ask how often a counter counts, apart by these labels."""
    total = f"sum by ({', '.join(by)})" if by else "sum"
    return f"{total} (rate({counter}{where}[$__rate_interval]))"


def share(counter: str, *by: str, where: str) -> str:
    """Ask which share of all that is counted is such, apart by these labels; none is 0, and not nothing."""
    such, everything = per_second(counter, *by, where=where), per_second(counter, *by)
    return f"({such} or 0 * {everything}) / {everything}"
