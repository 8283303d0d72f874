"""Query parameters as Jaeger understands them. Every function raises BadParameter with the parameter's name."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from infra.trace_sink import formatting
from infra.trace_sink.query import HIGHEST_LIMIT
from infra.trace_sink.store import LATEST

UNITS = {
    "ns": 1,
    "us": formatting.MICROSECOND,
    "µs": formatting.MICROSECOND,
    "ms": formatting.MILLISECOND,
    "s": formatting.SECOND,
    "m": formatting.MINUTE,
    "h": formatting.HOUR,
}
PART_OF_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")
TRACE_ID = re.compile(r"[0-9a-fA-F]{1,32}")
FRACTION = re.compile(r"\.(\d{1,9})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadParameter(Exception):  # noqa: N818 - it is an answer, and "Error" would add nothing
    """A parameter that cannot be read, or is missing."""


def trace_id(text: str) -> str:
    """32 hexadecimal digits; leading zeros may be left out."""
    if not TRACE_ID.fullmatch(text):
        raise BadParameter(f"malformed parameter trace_id: {text!r} is not up to 32 hexadecimal digits")
    return text.lower().zfill(32)


def time(name: str, text: str) -> int:
    """RFC 3339 with up to nine digits of a second, as nanoseconds of the Unix clock."""
    fraction = FRACTION.search(text)
    try:
        moment = datetime.fromisoformat(FRACTION.sub("", text, count=1))
        if moment.tzinfo is None or "T" not in text.upper():
            raise ValueError("no offset")  # noqa: TRY301 - it ends as every other mistake does
    except ValueError:
        raise BadParameter(f"malformed parameter {name}: {text!r} is no time like 2026-01-31T12:00:00Z") from None
    since = moment - EPOCH
    seconds = since.days * 86_400 + since.seconds
    return clamped(seconds * 10**9 + (int(fraction[1].ljust(9, "0")) if fraction else 0))


def duration(name: str, text: str) -> int:
    """Go's way to write a duration, such as 1.5s or 1h30m, in nanoseconds."""
    parts = PART_OF_DURATION.findall(text)
    if text == "0":
        return 0
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise BadParameter(f"malformed parameter {name}: {text!r} is no duration like 150ms, 1.5s or 1h30m")
    return clamped(int(sum(Decimal(number) * UNITS[unit] for number, unit in parts)))


def whole_number(name: str, text: str) -> int:
    """A whole number, none of it below zero."""
    if not re.fullmatch(r"\d{1,20}", text, re.ASCII):
        raise BadParameter(f"malformed parameter {name}: {text!r} is no whole number")
    return clamped(int(text))


def limit(name: str, text: str, default: int) -> int:
    """The maximum number of traces; 0 or nothing means the default."""
    return min((whole_number(name, text) if text else 0) or default, HIGHEST_LIMIT)


def attributes(name: str, text: str) -> Mapping[str, str]:
    """A JSON object from names to texts."""
    try:
        found = json.loads(text)
        str(found).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadParameter(f'malformed parameter {name}: {text!r} is no object like {{"order.id": "…"}}')
    return found


def clamped(number: int) -> int:
    """The nearest number that the store can hold."""
    return max(-LATEST, min(number, LATEST))
