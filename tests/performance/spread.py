"""Figures of several rounds: their median, and how far apart they lie."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Self

from pydantic import BaseModel


class Spread(BaseModel, frozen=True):
    """What was found over rounds, or the ratio of what was."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Raises StatisticsError (a ValueError) where there are none."""
        found = sorted(values)
        return cls(median=median(found), least=found[0], most=found[-1])

    @classmethod
    def of_ratios(cls, ones: Sequence[float], others: Sequence[float]) -> Self:
        """Each to the other of its own round, which a machine that slows down slows alike."""
        return cls.of(one / other for one, other in zip(ones, others, strict=True))

    def __str__(self) -> str:
        if self.least == self.most:
            return _short(self.median)
        return f"{_short(self.median)} ({_short(self.least)} to {_short(self.most)})"


def _short(value: float) -> str:
    """Three digits that count, and no more."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
