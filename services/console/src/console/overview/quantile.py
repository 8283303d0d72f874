"""A quantile of what a histogram has counted, as Prometheus' `histogram_quantile` estimates it."""

from collections.abc import Mapping
from itertools import pairwise
from math import inf


def quantile(share: float, buckets: Mapping[float, float]) -> float | None:
    """The value below which this share lies; `buckets` are cumulative: upper bound → count, infinity with them.

    Values are taken to lie evenly in their bucket. What lies above the last bound is given as that bound.
    `None` where nothing was counted.
    """
    bounds = sorted(buckets.items())
    if not bounds or bounds[-1][0] != inf or not bounds[-1][1]:
        return None
    rank = share * bounds[-1][1]
    for (lower, before), (upper, upto) in pairwise([(0.0, 0.0), *bounds]):
        if upto >= rank and upto > before:
            return lower if upper == inf else lower + (upper - lower) * (rank - before) / (upto - before)
    return None
