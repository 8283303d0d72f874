"""The `saga` command, as a person types it."""

import asyncio

from infra.cli import app
from infra.stack import Stack
from typer.testing import CliRunner, Result


async def saga(stack: Stack, *words: str) -> Result:
    """Run it on this stack, in a wide terminal."""
    environment = {"COUNTERSTEP_RUN": str(stack.home.path), "COLUMNS": "200"}
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, words, env=environment))
