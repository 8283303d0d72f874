"""Files that only their owner can read, and that are whole or not there at all."""

import os
import tempfile
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at once or not at all, also if the power fails."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:  # made with mode 600
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())  # a rename may reach the disk before what was written does
    Path(draft.name).replace(path)
