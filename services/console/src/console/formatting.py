"""Times and numbers, formatted for people."""

from datetime import datetime
from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

NO_RATE: Final = "not known yet"
"""A rate needs two readings, a few seconds apart."""
MEGABYTE: Final = 1024 * 1024
TEN: Final = 10  # from here on the fraction is noise


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them, such as `12 ms` or `1.5 s`; two units above a minute: `2 h 5 min`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    for unit, name, smaller, its_name in (
        (DAY, "d", HOUR, "h"),
        (HOUR, "h", MINUTE, "min"),
        (MINUTE, "min", 1, "s"),
    ):
        if seconds >= unit:
            whole, rest = divmod(int(seconds), unit)
            return f"{whole} {name} {rest // smaller} {its_name}"
    raise AssertionError(seconds)


def clock(at: datetime) -> str:
    """The time of day, to the millisecond."""
    return f"{at:%H:%M:%S}.{at.microsecond // 1000:03}"


def moment(at: datetime) -> str:
    """A date and a time, to the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def plain(name: str) -> str:
    """An identifier as words: `needs attention` for `needs_attention`."""
    return name.replace("_", " ")


def count(number: float) -> str:
    """A whole number with separated thousands."""
    return f"{number:,.0f}"


def rate(per_second: float | None) -> str:
    """A rate per second; `not known yet` before the second reading."""
    if per_second is None:
        return NO_RATE
    return f"{per_second:,.0f}/s" if per_second >= TEN or not per_second else f"{per_second:.1f}/s"


def processor(share: float | None) -> str:
    """A share of one processor in percent; `not known yet` before the second reading."""
    return NO_RATE if share is None else f"{share:.1%}".replace("%", " %")


def memory(number: int) -> str:
    """Bytes as megabytes."""
    return f"{number / MEGABYTE:,.0f} MB"
