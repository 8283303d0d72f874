"""One entry of a log: its head, and the lines of a traceback or a report that follow it.

Each program has its own format: our services write structlog's lines or JSON, RabbitMQ, PostgreSQL and Jaeger
write theirs. What they have in common is enough: a head begins with a moment, a brace, or a level.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final, Literal, Self, TypeAlias, get_args

Level: TypeAlias = Literal["debug", "info", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""From the least to the most important."""

MOST_LINES: Final = 100
"""Of one entry. A program that writes no heads still has all of its lines shown, in entries of this length."""
MOST_CHARACTERS: Final = 4000
"""Of one entry. The rest is cut off, and replaced by its length."""

_MOMENT: Final = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d"
_HEAD: Final = re.compile(rf"^(?:{_MOMENT}|\{{|(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):\s)", re.MULTILINE)
_AT: Final = re.compile(rf"({_MOMENT})(?:[.,](\d{{1,6}}))?\d*(Z|[+-]\d\d:?\d\d)?")
_LEVEL: Final = re.compile(
    r"\[(?P<bracketed>[a-z]+) *\]|\b(?P<capital>[A-Z]+[1-5]?): "
    r"|\"level\": ?\"(?P<json>[a-z]+)\"|(?P<raised>^Traceback )"
)
_SAGA: Final = re.compile(r"saga_id[\"']?\s*[=:]\s*[\"']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
_TRACE: Final = re.compile(r"trace_id[\"']?\s*[=:]\s*[\"']?([0-9a-f]{32})\b")
_OF_HEAD: Final = 300
"""Characters in which a head has its moment and its level; what comes later may quote others."""
_KNOWN: Final[dict[str, Level]] = {
    **dict.fromkeys(("debug", "debug1", "debug2", "debug3", "debug4", "debug5"), "debug"),
    **dict.fromkeys(("info", "log", "notice", "statement", "detail", "hint", "context"), "info"),
    **dict.fromkeys(("warning", "warn"), "warning"),
    **dict.fromkeys(("error", "critical", "fatal", "panic", "alert", "emergency", "dpanic", "raised"), "error"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was written. Without a moment of its own, `at` is None.

    `saga_id` and `trace_id` are those that it names.
    """

    at: datetime | None
    level: Level
    text: str
    saga_id: str | None
    trace_id: str | None

    @classmethod
    def of(cls, text: str) -> Self:
        saga, trace = _SAGA.search(text), _TRACE.search(text)
        return cls(_moment(text), level(text), _cut(text), saga and saga[1], trace and trace[1])


def entries(text: str) -> Iterator[str]:
    """The texts of the entries in these lines."""
    starts = [head.start() for head in _HEAD.finditer(text)]
    for start, end in pairwise([0, *(start for start in starts if start), len(text)]):
        lines = text[start:end].splitlines(keepends=True)
        for first in range(0, len(lines), MOST_LINES):
            yield "".join(lines[first : first + MOST_LINES])


def begins_entry(line: str) -> bool:
    """Whether this line is a head."""
    return _HEAD.match(line) is not None


def level(text: str) -> Level:
    """How important the entry is, by its head; `info` where it does not say."""
    for found in _LEVEL.finditer(text, 0, _OF_HEAD):
        word = "raised" if found["raised"] else (found["bracketed"] or found["capital"] or found["json"]).lower()
        if word in _KNOWN:
            return _KNOWN[word]
    return "info"


def _moment(text: str) -> datetime | None:
    if (found := _AT.search(text, 0, _OF_HEAD)) is None:
        return None
    moment, fraction, zone = found.groups()
    try:
        at = datetime.fromisoformat(f"{moment}.{(fraction or '0').ljust(6, '0')}{zone or '+00:00'}")
    except ValueError:  # such as a month 13 in somebody's text
        return None
    return at.astimezone(UTC)


def _cut(text: str) -> str:
    text = text.rstrip("\r\n")
    rest = len(text) - MOST_CHARACTERS
    return text if rest <= 0 else f"{text[:MOST_CHARACTERS]} … ({rest:,} more characters)"
