"""What every command needs: a console, and the stack that it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from infra import screen
from infra.choice import deployment
from infra.deployment import Deployment
from infra.failure import Failure

console = Console(highlight=False)


@contextmanager
def checkout(*, starting: bool = False) -> Iterator[Deployment]:
    """The stack of this checkout; a failure is told in its own words, without a traceback."""
    try:
        yield deployment(starting=starting)
    except Failure as failure:
        Console(stderr=True).print(screen.problem(failure), soft_wrap=True)
        raise typer.Exit(1) from None
