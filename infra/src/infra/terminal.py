"""What every command needs: a console, and the stack that it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from infra import screen
from infra.failure import Failure
from infra.stack import Stack

console = Console(highlight=False)


@contextmanager
def checkout() -> Iterator[Stack]:
    """The stack of this checkout; a failure is told in its own words, without a traceback."""
    try:
        yield Stack.of_checkout()
    except Failure as failure:
        Console(stderr=True).print(screen.problem(failure), soft_wrap=True)
        raise typer.Exit(1) from None
