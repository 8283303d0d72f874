"""The entries of several parts' logs that are wanted, in the order of time."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from infra.logs.entry import Entry, entries
from infra.logs.tail import Tail
from infra.logs.wanted import Wanted

ALL_KEPT: Final = 16 * 1024 * 1024
"""Bytes of one part's log that a search with a filter begins with: all that the supervisor keeps."""
NEWEST: Final = 256 * 1024
"""Bytes of one part's log in which the newest entries are, where every entry is wanted."""
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, and the part that wrote it."""

    part: str
    entry: Entry
    moment: datetime
    """The entry's, or that of the entry before it where it has none."""


class Search:
    """Reads the logs of these parts: first what there is, then what is new each time."""

    def __init__(self, logs: Mapping[str, Path], wanted: Wanted, most: int) -> None:
        most_bytes = NEWEST if wanted.is_everything else ALL_KEPT
        self._tails = {part: Tail(path, most_bytes) for part, path in logs.items()}
        self._moments = dict.fromkeys(logs, _LONG_AGO)
        self._wanted = wanted
        self._most = most

    def read(self) -> list[Line]:
        """At most the newest `most` entries that are wanted and new, the oldest first."""
        found = [line for part in self._tails for line in self._read(part)]
        found.sort(key=lambda line: line.moment)
        return found[-self._most :]

    def _read(self, part: str) -> Iterable[Line]:
        found: deque[Line] = deque(maxlen=self._most)
        for text in entries(self._tails[part].read()):
            if not self._wanted.matches(text):
                continue
            entry = Entry.of(text)
            self._moments[part] = entry.at or self._moments[part]
            found.append(Line(part, entry, self._moments[part]))
        return found
