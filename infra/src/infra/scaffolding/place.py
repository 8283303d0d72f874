"""A place in a file where every service, or every saga, has an entry of the same form."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.machine.user_error import UserError


@dataclass(frozen=True)
class Place:
    """A file of the checkout, and the form of the entries there, in which `<word>` stands for a value."""

    file: str
    form: str
    at_the_end: bool = False
    """Of the file; else before another entry."""

    def entry(self, values: Mapping[str, str]) -> str:
        """The entry of whatever has these values."""
        entry = self.form
        for word, value in values.items():
            entry = entry.replace(f"<{word}>", value)
        return entry

    def holds(self, text: str, values: Mapping[str, str]) -> bool:
        """Whether the entry is in this text of the file."""
        return self.entry(values) in text

    def added(self, text: str, values: Mapping[str, str], before: Mapping[str, str]) -> str:
        """The file's text with the entry, before that of `before`; as it was where it is there already.

        Raises UserError where the other entry is not there exactly once.
        """
        entry, other = self.entry(values), self.entry(before)
        if entry in text:
            return text
        if self.at_the_end and text:
            return text + entry
        if text.count(other) != 1:
            raise belongs_before(self.file, entry, other)
        return text.replace(other, entry + other)


def belongs_before(file: str, entry: str, other: str) -> UserError:
    """The error for a file of another shape: it says what to add by hand. A second run finds that and goes on."""
    return UserError(
        file,
        f"a new entry belongs before `{other.strip()}`, which must be there once; restore it, or add the new entry"
        " where it belongs by hand and run this again",
        entry.rstrip(),
    )


def edited(
    checkout: Path, places: tuple[Place, ...], values: Mapping[str, str], before: Mapping[str, str]
) -> dict[Path, str]:
    """What the files hold once every place has its entry; nothing is written. Raises UserError as `added` does."""
    texts: dict[Path, str] = {}
    for place in places:
        path = checkout / place.file
        texts[path] = place.added(texts.get(path) or _read(path), values, before)
    return texts


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
