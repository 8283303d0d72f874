"""When to look whether an order has ended: soon enough to be a busy client, and seldom enough to cost nothing."""

from dataclasses import dataclass
from typing import Final

STEP: Final = 1.05
"""How much later, or sooner, the next order's first look is: small beside the spread of the times themselves."""
SHORTEST: Final = 0.002  # seconds


@dataclass
class Looking:
    """How long to wait, in seconds, learnt from what the looks found.

    The first look comes when half of the orders have ended, found by the up-and-down method (Dixon and Mood,
    1948): a little later after each look that came too early, a little sooner after each that did not. Every
    further look comes a quarter of that later. A median of what was seen could only grow, for nothing is seen
    before it is looked at.
    """

    first: float = 0.02

    @property
    def further(self) -> float:
        return self.first / 4

    def found(self, *, ended: bool) -> None:
        """What the first look at an order has found."""
        self.first = max(SHORTEST, self.first / STEP if ended else self.first * STEP)
