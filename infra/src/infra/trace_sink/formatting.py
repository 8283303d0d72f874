"""Times as people read them."""

from datetime import UTC, datetime

MICROSECOND = 10**3
MILLISECOND = 10**6
SECOND = 10**9
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def duration(nanoseconds: int) -> str:
    """Three figures, or two units where it is longer than a minute."""
    for unit, name in ((SECOND, "s"), (MILLISECOND, "ms"), (MICROSECOND, "µs")):
        if unit <= nanoseconds < MINUTE:
            return f"{_three_figures(nanoseconds / unit)} {name}"
    for unit, name, smaller, its_name in (
        (DAY, "d", HOUR, "h"),
        (HOUR, "h", MINUTE, "min"),
        (MINUTE, "min", SECOND, "s"),
    ):
        if nanoseconds >= unit:
            whole, rest = divmod(nanoseconds, unit)
            return f"{whole} {name} {rest // smaller} {its_name}" if rest >= smaller else f"{whole} {name}"
    return f"{nanoseconds} ns" if nanoseconds else "0"


def moment(nanoseconds: int) -> str:
    """A time of the Unix clock, to the millisecond."""
    return f"{_utc(nanoseconds):%Y-%m-%d %H:%M:%S}.{nanoseconds // MILLISECOND % 1000:03} UTC"


def iso(nanoseconds: int) -> str:
    """The same for programs."""
    return _utc(nanoseconds).isoformat()


def _utc(nanoseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(nanoseconds // SECOND, UTC)
    except (ValueError, OverflowError, OSError):  # a sender's clock may be anything
        return datetime.max.replace(tzinfo=UTC)


def _three_figures(number: float) -> str:
    if number >= 100:  # noqa: PLR2004 - three figures before the point
        return f"{number:.0f}"
    return f"{number:.3g}"
