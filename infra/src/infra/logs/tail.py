"""What was written to a log since the last look, also across rotation: `payment.log` becomes `payment.log.1`."""

from contextlib import ExitStack
from os import fstat
from pathlib import Path
from typing import BinaryIO, Final

OLDER: Final = (".1", ".2")
"""The suffixes of the files that the supervisor keeps, from the newer to the older one."""
LONGEST_LINE: Final = 64 * 1024
"""Bytes. What is longer is shown before its end was written."""


class Tail:
    """The log of one part. The first look begins at most `most_bytes` before its end."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._inode: int | None = None
        self._offset = 0
        self._rest = b""

    def read(self) -> str:
        """The whole lines that are new; empty where there is no log yet."""
        with ExitStack() as opened:
            written = self._rest + self._new(self._files(opened))
        lines, newline, rest = written.rpartition(b"\n")
        if len(rest) > LONGEST_LINE:
            lines, newline, rest = written, b"", b""
        self._rest = rest
        return (lines + newline).decode(errors="replace")

    def _files(self, opened: ExitStack) -> dict[int, BinaryIO]:
        """The log and the older files, the oldest first, by their inodes.

        The newest is opened first: where the log is rotated in between, a file is met twice, and none is missed.
        """
        files: dict[int, BinaryIO] = {}
        for path in (self._path, *(self._path.with_name(self._path.name + suffix) for suffix in OLDER)):
            try:
                file = opened.enter_context(path.open("rb"))
            except FileNotFoundError:
                continue
            files.setdefault(fstat(file.fileno()).st_ino, file)
        return dict(reversed(files.items()))

    def _new(self, files: dict[int, BinaryIO]) -> bytes:
        if not files:
            return b""
        is_first_look = self._inode is None
        unread = list(files)
        if self._inode in files:
            unread = unread[unread.index(self._inode) :]
            size = fstat(files[unread[0]].fileno()).st_size
            files[unread[0]].seek(self._offset if size >= self._offset else 0)  # it may have been emptied
        elif is_first_look:
            unread = self._end_of(files)
        written = b"".join(files[inode].read() for inode in unread)
        self._inode, self._offset = unread[-1], files[unread[-1]].tell()
        return written

    def _end_of(self, files: dict[int, BinaryIO]) -> list[int]:
        """The files that have the last bytes, with the first of them at a line's beginning among these bytes."""
        unread: list[int] = []
        room = self._most_bytes
        for inode, file in reversed(files.items()):
            unread.insert(0, inode)
            size = fstat(file.fileno()).st_size
            if size >= room:
                file.seek(size - room)
                if size > room:
                    file.readline(LONGEST_LINE)
                break
            room -= size
        return unread
