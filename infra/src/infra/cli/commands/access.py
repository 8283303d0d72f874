"""Ways into the running system: tokens for its APIs, and its pages."""

import webbrowser
from datetime import timedelta
from typing import Annotated

import typer
from counterstep.http.roles import Role

from infra.cli import completion
from infra.cli.terminal import AsJson, checkout, present
from infra.machine.terminal import write_lines
from infra.machine.user_error import CommandLineError, UserError
from infra.screens import deployment as screen

LONGEST_HOURS = 24 * 365


def token(
    role: Annotated[Role, typer.Option(help="The role of the token's bearer.")] = Role.CUSTOMER,
    subject: Annotated[str, typer.Option(help="The bearer: a customer's id or an operator's name.")] = "ada",
    hours: Annotated[int, typer.Option(min=1, max=LONGEST_HOURS, help="Hours until the token expires.")] = 12,
) -> None:
    """Mint a token for the HTTP APIs."""
    with checkout() as stack:
        try:
            write_lines([stack.token(role, subject, timedelta(hours=hours))])
        except ValueError as error:
            raise UserError("token", str(error)) from None


def open_page(
    page: Annotated[
        str | None,
        typer.Argument(
            help="A page such as traces or rabbitmq. The default lists all pages.", autocompletion=completion.pages
        ),
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Print a page's address and open it in your browser."""
    with checkout() as stack:
        pages = stack.pages
        if page is None:
            present(pages, screen.addresses(stack), as_json=json)
            return
        if page not in pages:
            raise CommandLineError("open", f"there is no page {page}; the pages are {', '.join(pages)}")
        if page not in stack.running():
            raise UserError(page, "is not running; start it with `make up`")
    present(pages[page], pages[page], as_json=json)
    if not webbrowser.open(pages[page]):
        write_lines(["no browser is available here: open the address yourself"], error=True)
