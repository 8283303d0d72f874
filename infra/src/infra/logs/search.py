"""The entries of several parts' logs that are asked for, in the order of time."""

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
"""Bytes of one part's log in which the newest entries are, where every entry is asked for."""
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, and the part that wrote it."""

    part: str
    entry: Entry


class Search:
    """Reads the logs of these parts: first what there is, then what is new each time."""

    def __init__(self, logs: Mapping[str, Path], wanted: Wanted, most: int) -> None:
        most_bytes = NEWEST if wanted.is_everything else ALL_KEPT
        self._tails = {part: Tail(path, most_bytes) for part, path in logs.items()}
        self._moments = dict.fromkeys(logs, _LONG_AGO)
        self._wanted = wanted
        self._most = most

    def read(self) -> list[Line]:
        """At most the newest `most` entries that are asked for and are new, the oldest first."""
        found = [each for part in self._tails for each in self._read(part)]
        found.sort(key=lambda each: each[0])
        return [line for _, line in found[-self._most :]]

    def _read(self, part: str) -> Iterable[tuple[datetime, Line]]:
        """With the moment to sort by: an entry without one of its own has that of the entry before it."""
        found: deque[tuple[datetime, Line]] = deque(maxlen=self._most)
        for text in entries(self._tails[part].read()):
            if not self._wanted.matches(text):
                continue
            entry = Entry.of(text)
            self._moments[part] = entry.at or self._moments[part]
            found.append((self._moments[part], Line(part, entry)))
        return found
