"""PromQL that is written in many places."""

from collections.abc import Iterable

PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def quantiles(histogram: str, *, where: str = "") -> dict[str, str]:
    """Draw the median and the tail of all that a histogram holds: legend → query."""
    return {name: quantile(share, histogram, where=where) for name, share in PERCENTILES.items()}


def quantile(share: float, histogram: str, *, by: Iterable[str] = (), where: str = "") -> str:
    """Ask for one quantile, apart by these labels. `where` is a selector such as `{queue="x"}`."""
    labels = ", ".join(("le", *by))
    return f"histogram_quantile({share}, sum by ({labels}) (rate({histogram}_bucket{where}[$__rate_interval])))"


def per_second(counter: str, *by: str, where: str = "") -> str:
    """Ask how often a counter counts, apart by these labels."""
    total = f"sum by ({', '.join(by)})" if by else "sum"
    return f"{total} (rate({counter}{where}[$__rate_interval]))"
