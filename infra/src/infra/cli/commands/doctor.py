"""`saga doctor`: checks what could keep the system from running here, and names the fix."""

import typer
from rich.console import Group

from infra.cli.terminal import AsJson, errors_shown, present
from infra.doctor import examine
from infra.launcher import select_to_examine
from infra.screens.doctor import screen


def doctor(*, json: AsJson = False) -> None:
    """Check the machine, ports, programs, secrets and stores. Exits with 1 if there is something to fix."""
    with errors_shown():
        stack, failures = select_to_examine()
        found = list(examine(stack, failures))
    present(found, screen(found) if found else Group(), as_json=json)
    raise typer.Exit(int(any(each.verdict == "broken" for each in found)))
