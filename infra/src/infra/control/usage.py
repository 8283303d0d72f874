"""What the parts use of the machine: processor time and memory, each with all processes that it started."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import time

import psutil


@dataclass(frozen=True, slots=True)
class Usage:
    """`cpu` is the share of one processor since the last look; None at the first. `memory` is in bytes."""

    cpu: float | None
    memory: int


class UsageMeter:
    """Compares each look with the one before it."""

    def __init__(self) -> None:
        self._looked_at: float | None = None
        self._seconds: dict[psutil.Process, float] = {}

    def look(self, pids: Mapping[str, int]) -> dict[str, Usage]:
        """The usage of each part, by the process that the supervisor started for it."""
        now, before, seen = time(), self._looked_at, self._seconds
        self._looked_at, self._seconds = now, {}
        found: dict[str, Usage] = {}
        for part, processes in _families(pids).items():
            spent, memory = 0.0, 0
            for process in processes:
                try:
                    times = process.cpu_times()
                    memory += _memory(process)
                except psutil.Error:  # it has just ended
                    continue
                self._seconds[process] = total = times.user + times.system
                spent += total - seen.get(process, 0.0 if process.create_time() > (before or now) else total)
            elapsed = now - before if before else 0.0
            found[part] = Usage(max(spent, 0.0) / elapsed if elapsed > 0 else None, memory)
        return found


def _families(pids: Mapping[str, int]) -> dict[str, list[psutil.Process]]:
    """Each part's process and all that descend from it."""
    children: defaultdict[int, list[psutil.Process]] = defaultdict(list)
    known: dict[int, psutil.Process] = {}
    for process in psutil.process_iter(["ppid"]):
        known[process.pid] = process
        children[process.info["ppid"]].append(process)

    def family(process: psutil.Process) -> Iterator[psutil.Process]:
        yield process
        for child in children[process.pid]:
            yield from family(child)

    return {part: list(family(known[pid])) for part, pid in pids.items() if pid in known}


def _memory(process: psutil.Process) -> int:
    """Memory that processes share, as PostgreSQL's do, counts in equal shares where the system tells."""
    try:
        full = process.memory_full_info()
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
    return int(getattr(full, "pss", full.uss))
