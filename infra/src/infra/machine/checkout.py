"""The checkout that this code is part of."""

from pathlib import Path

CHECKOUT = Path(__file__).parents[4]
