"""What every command needs: a console, the stack that it is about, and how it tells what it found."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from counterstep.client import ApiError, Client
from counterstep.http.roles import Role
from pydantic_core import to_json
from rich.console import Console, RenderableType

from infra.client import user_error_of
from infra.launcher import Deployment, select_backend
from infra.machine.user_error import UserError
from infra.screens import deployment as screen

console = Console(highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


@contextmanager
def checkout(*, starting: bool = False) -> Iterator[Deployment]:
    """The stack of this checkout; a failure is printed as `told` does."""
    with errors_shown():
        yield select_backend(starting=starting)


@contextmanager
def errors_shown() -> Iterator[None]:
    """Print a failure in its own words, without a traceback."""
    try:
        yield
    except (UserError, ApiError) as error:
        failure = user_error_of(error) if isinstance(error, ApiError) else error
        Console(stderr=True).print(screen.problem(failure), soft_wrap=True)
        raise typer.Exit(1) from None


def operator(stack: Deployment) -> Client:
    """The public APIs for the user at the keyboard; an audit records their name."""
    return stack.api(Role.OPERATOR, getpass.getuser())


def present(found: object, person: RenderableType, *, as_json: bool, soft_wrap: bool = False) -> None:
    """Tell what was found: to a program all of it, to a person as it reads best."""
    if as_json:
        typer.echo(to_json(found, indent=2))
    else:
        console.print(person, soft_wrap=soft_wrap)
