"""A quantile of a histogram, estimated as Prometheus' `histogram_quantile` does."""

from collections.abc import Mapping
from itertools import pairwise
from math import inf


def quantile(share: float, buckets: Mapping[float, float]) -> float | None:
    """The value below which this share of the observations lies; `None` without an observation.

    `buckets` are cumulative: upper bound → count, with infinity as the last bound. Observations are taken to be
    spread evenly over their bucket. A quantile above the last finite bound is given as that bound.
    """
    bounds = sorted(buckets.items())
    if not bounds or bounds[-1][0] != inf or not bounds[-1][1]:
        return None
    rank = share * bounds[-1][1]
    for (lower, before), (upper, upto) in pairwise([(0.0, 0.0), *bounds]):
        if upto >= rank and upto > before:
            return lower if upper == inf else lower + (upper - lower) * (rank - before) / (upto - before)
    return None
