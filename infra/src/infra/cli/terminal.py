"""What every command needs: the console, the deployment, and the output as text or JSON."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer
from counterstep.client import ApiError, Client
from counterstep.http.roles import Role
from pydantic_core import to_json
from rich.console import RenderableType

from infra.client import user_error_of
from infra.launcher import Deployment, Progress, select_backend
from infra.machine.terminal import Terminal, write_json
from infra.machine.user_error import CommandLineError, UserError
from infra.screens import deployment as screen

console = Terminal()

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def checkout(*, starting: bool = False) -> Iterator[Deployment]:
    """The deployment of this checkout. Errors inside the block are printed as `errors_shown` does."""
    with errors_shown():
        yield select_backend(starting=starting, tell=Progress(console).note)


@contextmanager
def errors_shown() -> Iterator[None]:
    """Print an error inside the block without a traceback; exit with 1, or 2 for a wrong command line."""
    try:
        yield
    except (UserError, ApiError) as error:
        failure = user_error_of(error) if isinstance(error, ApiError) else error
        _end_with(failure)
    except BrokenPipeError:  # the reader of our output went away; the command line ends quietly
        raise
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        _end_with(UserError("machine", f"{error.strerror or error}{place}; `saga doctor` examines the machine"))


def _end_with(failure: UserError) -> NoReturn:
    Terminal(stderr=True).print(screen.problem(failure), soft_wrap=True)
    raise typer.Exit(2 if isinstance(failure, CommandLineError) else 1) from None


def operator(stack: Deployment) -> Client:
    """The public APIs, with the login name of the current user, which the audit records."""
    return stack.api(Role.OPERATOR, getpass.getuser())


def present(found: object, person: RenderableType, *, as_json: bool, soft_wrap: bool = False) -> None:
    """Print the result: all of it as JSON, or its text for people."""
    if as_json:
        write_json(to_json(found, indent=2))
    else:
        console.print(person, soft_wrap=soft_wrap)
