"""The exception whose text is shown to the user: what went wrong, and what to do about it."""

from pathlib import Path

from infra.machine.typed import as_typed

LOG_LINES = 15


class UserError(Exception):
    """A part of the system failed. The text has its name, the reason in one line, and the end of its log.

    A command in the reason, between backticks, is written as this user types it.
    """

    def __init__(self, part: str, reason: str, log: str = "") -> None:
        self.part = part
        self.reason = as_typed(reason)
        self.log = log.rstrip().splitlines()[-LOG_LINES:]
        super().__init__("\n".join([f"{part}: {self.reason}", *self.log]))


class CommandLineError(UserError):
    """The command line names something that cannot be there: a service, a part, a page. The exit code is 2."""


def log_of(path: Path) -> str:
    """The content of a log; empty if there is no log yet."""
    return path.read_text(errors="replace") if path.exists() else ""
