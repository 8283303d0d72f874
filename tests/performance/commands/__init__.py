"""What can be measured, as commands."""

import typer

from performance.commands.load import load
from performance.commands.peers import peers
from performance.commands.scale import scale
from performance.commands.tracing import tracing

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
for command in (load, tracing, scale, peers):
    app.command()(command)
