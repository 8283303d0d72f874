"""`saga demo`: shows what a saga does, with four orders."""

from typing import Annotated

import typer

from infra.cli.terminal import checkout, console, operator
from infra.client import Sagas
from infra.demo import STORIES, check_running, run_story


def demo(
    story: Annotated[
        int | None, typer.Argument(min=1, max=len(STORIES), help="The number of one order. The default is all.")
    ] = None,
) -> None:
    """Play four orders: confirmed, out of stock, insufficient funds, payment not answering."""
    with checkout() as stack:
        check_running(stack)
        sagas = Sagas(operator(stack))
        for number in range(len(STORIES)) if story is None else (story - 1,):
            run_story(console, stack, sagas, number)
