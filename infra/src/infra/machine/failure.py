"""What went wrong, in the words of the person who has to fix it."""

from pathlib import Path

LOG_LINES = 15


class Failure(Exception):  # noqa: N818 - it is shown to a person; "Error" would add nothing
    """A part that could not be brought up: its name, the reason, and the end of its log."""

    def __init__(self, part: str, reason: str, log: str = "") -> None:
        self.part = part
        self.reason = reason
        self.log = log.rstrip().splitlines()[-LOG_LINES:]
        super().__init__("\n".join([f"{part}: {reason}", *self.log]))


def log_of(path: Path) -> str:
    """Return what the log holds, or nothing where there is none yet."""
    return path.read_text(errors="replace") if path.exists() else ""
