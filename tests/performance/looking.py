"""When to look whether an order has ended: soon enough to be a busy client, and seldom enough to cost nothing."""

from typing import Final

STEP: Final = 0.05
"""How much later, or sooner, a lone client's next first look is: small beside the spread of the times."""
ALL: Final = 0.5
"""The most that all the clients' looks move it before the first of them can show: more, and it would swing."""
GUESS: Final = 0.005
"""In seconds an order, before any has ended: rather too short, for who looks too late never learns how late."""
ALONE: Final = 0.02  # seconds; the same, of an order that has the system to itself
SHORTEST: Final = 0.002  # seconds
FURTHER: Final = 0.25
"""Of what has been waited, until the next look."""


class Looking:
    """How long the clients wait before they poll, in seconds, learnt from their earlier polls.

    The first look comes when half of the orders have ended, found by the up-and-down method (Dixon and Mood,
    1948): a little later after each look that came too early, a little sooner after each that did not. Further
    looks come ever later, each by a quarter of what was waited before it. A median of what was seen could only
    grow, for nothing is seen before it is looked at.
    """

    def __init__(self, at_once: int) -> None:
        self.first = max(ALONE, GUESS * at_once)
        self._step = 1 + min(STEP, ALL / at_once)

    def found(self, *, ended: bool) -> None:
        """What the first look at an order has found."""
        self.first = max(SHORTEST, self.first / self._step if ended else self.first * self._step)
