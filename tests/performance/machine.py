"""Where it is measured, and what."""

import asyncio
import platform
import subprocess
from pathlib import Path

import psutil
from infra.launcher.native.stack import Stack
from infra.machine.checkout import CHECKOUT

from performance.results import Machine

CPUINFO = Path("/proc/cpuinfo")


def machine(stack: Stack) -> Machine:
    """Describe this machine, and the programs of a stack that runs on it."""
    postgres, rabbitmq = asyncio.run(_versions(stack))
    return Machine(
        cpu=_cpu(),
        cores=psutil.cpu_count() or 0,
        memory_gib=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgres=postgres,
        rabbitmq=rabbitmq,
    )


def revision() -> str:
    """Name the commit that is measured; `-dirty` where the files differ from it."""
    command = ("git", "-C", str(CHECKOUT), "describe", "--always", "--dirty", "--exclude=*")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    return done.stdout.strip() or "no commit"


async def _versions(stack: Stack) -> tuple[str, str]:
    async with stack.postgres.databases.session("postgres") as sql:
        postgres = await sql.fetchval("SHOW server_version")
    async with stack.broker.management() as api:
        overview = (await api.get("/api/overview")).raise_for_status().json()
    return str(postgres), str(overview["rabbitmq_version"])


def _cpu() -> str:
    if CPUINFO.exists():
        for line in CPUINFO.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
