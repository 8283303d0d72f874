"""Files that only their owner can read, and that are whole or not there at all."""

import os
import tempfile
from pathlib import Path

from infra.machine.user_error import UserError

NOTHING = "\0"
"""What a file system may give for a block that had not reached the disk."""


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at once or not at all, also if the power fails."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:  # made with mode 600
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())  # a rename may reach the disk before what was written does
    Path(draft.name).replace(path)


def read_whole(path: Path) -> str:
    """Read such a file; empty where a power cut left only NULs. Raises UserError where it cannot be read."""
    try:
        return path.read_text().strip(NOTHING)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("home", f"{path} cannot be read: {error}") from None
