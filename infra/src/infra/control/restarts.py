"""How often the supervisor started a part again, by its own log."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

from infra.logs import Tail

MOST_BYTES: Final = 1024 * 1024
"""Of the supervisor's log at the first look: thousands of restarts."""
_BEGUN: Final = "supervisord started with pid"
_ENDED: Final = re.compile(r" exited: (?P<part>[\w.-]+) \(")
"""A part ended by itself; one that a person stops is `stopped:` in this log."""


class Restarts:
    """The restarts since the supervisor began, by part."""

    def __init__(self, supervisor_log: Path) -> None:
        self._tail = Tail(supervisor_log, MOST_BYTES)
        self._counted: Counter[str] = Counter()

    def count(self) -> Counter[str]:
        for line in self._tail.read().splitlines():
            if _BEGUN in line:
                self._counted.clear()
            elif ended := _ENDED.search(line):
                self._counted[ended["part"]] += 1
        return self._counted
