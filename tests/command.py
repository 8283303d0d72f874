"""The `saga` command, as a person types it."""

import asyncio
from collections.abc import Mapping, Sequence

from infra.cli.app import app
from infra.cli.terminal import console
from infra.launcher.native.stack import Stack
from typer.testing import CliRunner, Result

WIDE = 200  # characters


async def saga(stack: Stack, *words: str) -> Result:
    """Run it on this stack, in a wide terminal."""
    environment = {"COUNTERSTEP_RUN": str(stack.home.path)}
    return await asyncio.to_thread(lambda: _in_a_wide_terminal(words, environment))


def _in_a_wide_terminal(words: Sequence[str], environment: Mapping[str, str]) -> Result:
    width = console.width
    console.width = WIDE
    try:
        return CliRunner().invoke(app, words, env=environment)
    finally:
        console.width = width
