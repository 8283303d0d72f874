"""`saga logs`: what the parts have logged; all of it, or the entries of one order, saga or trace."""

from typing import Annotated
from uuid import UUID

import typer
from counterstep.client import ApiError

from infra.cli import completion
from infra.cli.log_lines import follow_matching, show, show_matching
from infra.cli.terminal import checkout, errors_shown, operator
from infra.client import Sagas
from infra.launcher import Deployment
from infra.logs import LEVELS, Wanted
from infra.machine.user_error import CommandLineError

MOST_LINES = 1_000_000


def logs(  # noqa: PLR0913 - one parameter for each filter
    part: Annotated[
        str | None,
        typer.Argument(
            help="One part, such as payment. The default is all parts.", autocompletion=completion.parts
        ),
    ] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new lines.")] = False,
    lines: Annotated[
        int,
        typer.Option(
            "--lines", "-n", min=0, max=MOST_LINES, help="Lines from each log; with a filter, entries in all."
        ),
    ] = 20,
    order: Annotated[UUID | None, typer.Option(help="Only entries that name this order, or its saga.")] = None,
    saga: Annotated[UUID | None, typer.Option(help="Only entries that name this saga, or its trace.")] = None,
    trace: Annotated[str, typer.Option(metavar="ID", help="Only entries of this trace.")] = "",
    text: Annotated[str, typer.Option(help="Only entries with this text, in any case.")] = "",
    level: Annotated[str, typer.Option(help=f"Only entries that are at least this: {', '.join(LEVELS)}.")] = "",
) -> None:
    """Show the last lines of the logs."""
    with checkout() as stack:
        known = next((each for each in LEVELS if each == level), None)
        if level and known is None:
            raise CommandLineError("logs", f"there is no level {level}; the levels are {', '.join(LEVELS)}")
        ids = (*_ids(stack, order or saga), *([trace.lower()] if trace else []))
        wanted = Wanted(ids, text, known or LEVELS[0])
        files = {} if wanted.is_everything else stack.log_files(part)
        command = stack.log_command(part, lines=lines if wanted.is_everything else MOST_LINES, follow=follow)
    with errors_shown():
        if wanted.is_everything:
            raise typer.Exit(show(command))
        if follow:
            raise typer.Exit(follow_matching(files, command, wanted, lines))
        raise typer.Exit(show_matching(files, command, wanted, lines))


def _ids(stack: Deployment, known: UUID | None) -> tuple[str, ...]:
    """The ids by which entries name this order or saga: also those of its saga and trace, if they can be asked."""
    if known is None:
        return ()
    try:
        sagas = Sagas(operator(stack))
        found = sagas.find(known) or next(iter(sagas.newest(limit=1, key=str(known))), None)
    except ApiError:  # nothing runs, and the logs are what is left to read
        found = None
    more = (str(found.saga_id), found.key, found.trace_id) if found else ()
    return tuple({str(known): None, **{each: None for each in more if each}})
