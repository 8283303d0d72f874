"""The shares of the orders by their planned outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal, Self, TypeAlias, get_args

Fate: TypeAlias = Literal["confirmed", "no_stock", "no_money"]
FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(frozen=True)
class Mix:
    """The relative weight of each planned outcome. The sum may be any number above zero."""

    shares: Mapping[Fate, float]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `confirmed=80,no_stock=10`. Raises ValueError with what to write instead."""
        given = dict(part.strip().partition("=")[::2] for part in text.split(","))
        if unknown := [name for name in given if name not in FATES]:
            raise ValueError(f"{unknown[0]!r} is not an outcome; choose among {', '.join(FATES)}")
        shares = {fate: _share(fate, given[fate]) for fate in FATES if fate in given}
        if not any(shares.values()):
            raise ValueError("at least one share must be above zero")
        return cls(shares)

    def draw(self, random: Random) -> Fate:
        return random.choices(list(self.shares), list(self.shares.values()))[0]


def _share(fate: Fate, text: str) -> float:
    if not text.isdecimal():
        raise ValueError(f"{fate}={text}: a share is a whole number, as in {fate}=10")
    return float(text)
