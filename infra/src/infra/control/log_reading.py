"""The newest log entries for any filter. A filter that comes again costs only what was written since."""

import asyncio
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field

from counterstep.http.views.parts import LogEntry

from infra.launcher import Stack
from infra.logs import Line, Search, Wanted
from infra.machine.terminal import printable

MOST_ENTRIES = 500
"""Of one answer."""
MOST_CHARACTERS = 512 * 1024
"""Of all texts of one answer."""
MOST_SEARCHES = 16
"""That are remembered: of more, the one that came longest ago is forgotten, and read again when needed."""


@dataclass
class _Remembered:
    search: Search
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=MOST_ENTRIES))

    def newest(self, limit: int) -> list[Line]:
        self.lines.extend(self.search.read())
        return sorted(self.lines, key=lambda line: line.moment)[-limit:]


class LogReader:
    """The logs of one stack. Files are read in `thread`, one search at a time."""

    def __init__(self, stack: Stack, thread: Executor) -> None:
        self._stack = stack
        self._thread = thread
        self._remembered: dict[tuple[tuple[str, ...], Wanted], _Remembered] = {}

    @property
    def part_names(self) -> list[str]:
        return self._stack.part_names

    async def newest(self, part: str, wanted: Wanted, limit: int) -> list[LogEntry]:
        """The newest entries of this part, or of all where it is empty; the oldest of them first."""
        names = [part] if part else self.part_names
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._newest, tuple(names), wanted, limit)

    def _newest(self, names: tuple[str, ...], wanted: Wanted, limit: int) -> list[LogEntry]:
        found = self._remembered.pop((names, wanted), None)
        if found is None:
            logs = {name: self._stack.home.log(name) for name in names}
            found = _Remembered(Search(logs, wanted, MOST_ENTRIES))
        self._remembered[names, wanted] = found
        if len(self._remembered) > MOST_SEARCHES:
            del self._remembered[next(iter(self._remembered))]
        return _bounded(map(_entry, reversed(found.newest(limit))))


def _bounded(newest_first: Iterable[LogEntry]) -> list[LogEntry]:
    """As many of the newest as an answer holds, the oldest first."""
    found: list[LogEntry] = []
    room = MOST_CHARACTERS
    for entry in newest_first:
        room -= len(entry.text)
        if room < 0:
            break
        found.append(entry)
    return found[::-1]


def _entry(line: Line) -> LogEntry:
    entry = line.entry
    return LogEntry(
        part=line.part,
        at=entry.at,
        level=entry.level,
        text=printable(entry.text),
        saga_id=entry.saga_id,
        trace_id=entry.trace_id,
    )
