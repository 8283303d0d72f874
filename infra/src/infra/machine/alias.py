"""A plain name for a folder whose own name some programs misread.

RabbitMQ does not start under letters that are not ASCII. To supervisor, a quote has a
meaning, and so has a semicolon after a space.
"""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra.machine.user_error import UserError

PLAIN = re.compile(r"[\w./ @+=,~-]+", re.ASCII)
"""What every program reads as it is."""


@dataclass(frozen=True)
class Alias:
    """A folder, and where a link to it stands if its name is not plain."""

    folder: Path
    link: Path

    @property
    def needed(self) -> bool:
        return not PLAIN.fullmatch(str(self.folder))

    def of(self, value: object) -> str:
        """The value as text, with the link in place of the folder where one is needed."""
        return str(value).replace(str(self.folder), str(self.link)) if self.needed else str(value)

    def make(self) -> None:
        """Make the link where it is needed. Raises UserError where something else is in its place."""
        if not self.needed or self._leads_here():
            return
        try:
            self.link.symlink_to(self.folder)
        except FileExistsError:
            raise UserError("home", f"{self.link} stands in the way; remove it") from None

    def remove(self) -> None:
        with suppress(OSError):
            if self._leads_here():
                self.link.unlink()

    def _leads_here(self) -> bool:
        is_own = self.link.is_symlink() and self.link.lstat().st_uid == os.geteuid()
        return is_own and self.link.readlink() == self.folder
