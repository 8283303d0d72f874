"""Which entries a reader wants."""

from dataclasses import dataclass
from typing import Final

from infra.logs.entry import LEVELS, Level, level

ALL: Final = LEVELS[0]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Entries that name at least one of `ids`, contain `text` in any case, and are at least this important.

    An empty field does not filter.
    """

    ids: tuple[str, ...] = ()
    text: str = ""
    level: Level = ALL

    @property
    def is_everything(self) -> bool:
        return not self.ids and not self.text and self.level == ALL

    def matches(self, entry: str) -> bool:
        """Whether the entry with this text is wanted."""
        if self.ids and not any(each in entry for each in self.ids):
            return False
        if self.text and self.text.casefold() not in entry.casefold():
            return False
        return self.level == ALL or LEVELS.index(level(entry)) >= LEVELS.index(self.level)
