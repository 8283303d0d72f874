"""The options of every command; a mistake is answered in one line."""

from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from infra.load.mix import Mix

from performance.results import Level, Results
from performance.round import Load

Number = TypeVar("Number", int, float)

MIX: Final = "confirmed=80,no_stock=10,no_money=10"
ALL_CONFIRMED: Final = Mix({"confirmed": 1.0})

Seconds = Annotated[float, typer.Option(min=1, max=600, help="For how long each level is measured, each round.")]
Rounds = Annotated[int, typer.Option(min=1, max=100, help="How often all of it is measured, in turns.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same orders.")]
AtOnce = Annotated[str, typer.Option(help="How many orders at once, level by level.")]
Sampled = Annotated[float, typer.Option(min=0, max=1, help="The share of the traces that is recorded.")]
Out = Annotated[Path, typer.Option(file_okay=False, help="The folder for what was found.")]


def levels(at_once: str) -> list[Level]:
    """Read `1,32,128`. Raises BadParameter."""
    try:
        return [Level(at_once=_above_zero(int(each))) for each in at_once.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{at_once!r} is no list of whole numbers such as 1,32,128") from None


def rates(text: str) -> list[Level]:
    """Read `20,50.5`; of an empty text, none. Raises BadParameter."""
    try:
        return [Level(rate=_above_zero(float(each))) for each in text.split(",") if each]
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no list of rates such as 20,50,100") from None


def load_of(mix: str, seed: int, seconds: float) -> Load:
    """Raises BadParameter where the mix is none."""
    try:
        return Load(Mix.parse(mix), seed, seconds)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def results_in(path: Path) -> Results:
    """Raises BadParameter where it holds none."""
    try:
        return Results.read(path)
    except ValueError:
        raise typer.BadParameter(f"{path} was not written by `make bench`") from None


def _above_zero(number: Number) -> Number:
    if number > 0:
        return number
    raise ValueError
