"""Times and money as people read them."""

from datetime import datetime
from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def duration(seconds: float) -> str:
    """Two or three figures, or two units where it is longer than a minute."""
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
    """A time of day, to the millisecond."""
    return f"{at:%H:%M:%S}.{at.microsecond // 1000:03}"


def moment(at: datetime) -> str:
    """A date and a time, to the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def money(amount: int, currency: str) -> str:
    """An amount in minor units."""
    return f"{amount / 100:,.2f} {currency}"


def plain(name: str) -> str:
    """A program's name, as people write it."""
    return name.replace("_", " ")
