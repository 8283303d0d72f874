"""Commands that run once and end."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from infra.machine.account import Account, identity
from infra.machine.user_error import UserError

LONGEST_LINE = 16 * 1024 * 1024  # bytes


async def run(  # noqa: PLR0913 - by name, and most have a default
    part: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    directory: Path = Path("/"),
    account: Account | None = None,
    heard: Callable[[str], None] | None = None,
) -> None:
    """Run a command to its end, under another account where one is given; `heard` gets each line of its output.

    Raises UserError with the end of its output where it fails.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        env=environment,
        cwd=directory,
        **identity(account),
        limit=LONGEST_LINE,
    )
    output: list[str] = []
    try:
        async for line in _lines(process):
            output.append(line)
            if heard:
                heard(line)
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        reason = f"`{Path(command[0]).name} {' '.join(command[1:])}` ended with status {process.returncode}"
        raise UserError(part, reason, "\n".join(output))


async def _lines(process: Process) -> AsyncIterator[str]:
    if process.stdout:
        async for line in process.stdout:
            yield line.decode(errors="replace").rstrip()
