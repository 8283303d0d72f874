"""Commands that run once and end."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.machine.account import Account, identity
from infra.machine.user_error import UserError


async def run(
    part: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    directory: Path = Path("/"),
    account: Account | None = None,
) -> None:
    """Run a command to its end, under another account where one is given.

    Raises UserError with the end of its output where it fails.
    """
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, env=environment, cwd=directory, **identity(account)
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        reason = f"`{Path(command[0]).name} {' '.join(command[1:])}` ended with status {process.returncode}"
        raise UserError(part, reason, output.decode(errors="replace"))
