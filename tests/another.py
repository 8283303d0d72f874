"""A second process of a service, beside the stack's own."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from infra.components.server import ENV_FILE
from infra.launcher.native.stack import Stack
from waiting import eventually


@asynccontextmanager
async def another(
    stack: Stack, service: str, *, release: str | None = None, **more: str
) -> AsyncIterator[tuple[Process, str]]:
    """The process and its address, with these settings beside those of the first, or of another release."""
    port = _free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parent),
        ENV_FILE: str(stack.services[service].env_file),
        "HTTP_PORT": str(port),
        **more,
    }
    command = (sys.executable, "-m", *([release] if release else []), service)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient() as client:
            await eventually(lambda: _is_ready(client, url), until=bool, within=60)
        yield process, url
    finally:
        if process.returncode is None:
            process.terminate()  # as an upgrade would: what it has in hand is finished
        await process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


async def _is_ready(client: httpx2.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/health/ready")).is_success
    except httpx2.TransportError:
        return False
