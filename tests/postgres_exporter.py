"""Prometheus' exporter for PostgreSQL, as a private process beside a stack."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import DEVNULL

import httpx2
from infra.components.postgres.databases import WATCHER, WATCHER_SECRET
from infra.launcher import Progress
from infra.launcher.native.stack import Stack
from infra.machine.loopback import LOOPBACK
from infra.machine.packages import Package
from waiting import eventually

PROGRAM = "prometheus-postgres-exporter"
PACKAGE = Package("postgres exporter", apt=PROGRAM, service=PROGRAM, formula="postgres_exporter")


@asynccontextmanager
async def postgres_exporter(stack: Stack) -> AsyncIterator[str]:
    """Run it inside the block; gives the address to scrape. Raises UserError where it cannot be installed."""
    if not shutil.which(PROGRAM):
        await PACKAGE.install(Progress.silent().note)
    port = _free_port()
    database = f"{LOOPBACK}:{stack.ports.postgres}/postgres?sslmode=disable"
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        f"--web.listen-address={LOOPBACK}:{port}",
        env={
            "PATH": os.environ["PATH"],
            "DATA_SOURCE_NAME": f"postgresql://{WATCHER}:{stack.home.secret(WATCHER_SECRET)}@{database}",
        },
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        address = f"http://{LOOPBACK}:{port}/metrics"
        await eventually(lambda: _is_up(address), until=bool)
        yield address
    finally:
        process.terminate()
        await process.wait()


async def _is_up(address: str) -> bool:
    async with httpx2.AsyncClient() as client:
        try:
            return "\npg_up 1" in (await client.get(address)).text
        except httpx2.TransportError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
