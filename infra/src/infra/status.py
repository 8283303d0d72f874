"""How every part is at this moment."""

import asyncio
from dataclasses import dataclass

from infra.assembly import Assembly
from infra.part import Part
from infra.supervision import Process


@dataclass(frozen=True)
class Status:
    """A part, its process where it runs, and what it lacks to be used (None: nothing)."""

    part: Part
    process: Process | None
    missing: str | None

    @property
    def usable(self) -> bool:
        return self.process is not None and self.missing is None


async def statuses(assembly: Assembly) -> list[Status]:
    """Ask every part that runs how it is."""
    processes = assembly.supervision.processes()

    async def ask(part: Part) -> Status:
        process = processes.get(part.name)
        if process is None or not process.alive:
            return Status(part, process=None, missing=None)
        return Status(part, process, await part.missing())

    return list(await asyncio.gather(*map(ask, assembly.parts.values())))
