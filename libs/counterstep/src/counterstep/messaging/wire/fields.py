"""Reading AMQP's field values from bytes that any publisher may have written.

The broker has checked the layout, and little else. So a value that means nothing here, such as a text that is not
UTF-8, is replaced by one that can be stored, and is named in `problems`. Reading costs the same for each byte, and
recursion and the number of values are bounded, whatever the bytes are.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from struct import Struct
from typing import Any, Final

DEEPEST: Final = 32
"""How deep headers may be nested. The library reads them by recursion, and Python ends that after about 300."""

MOST_VALUES: Final = 10_000
"""How many values are read of one message's headers: about as many as take 10 ms."""

_LENGTH: Final = Struct(">I")
_TIME: Final = Struct(">Q")
_DECIMAL: Final = Struct(">Bi")

_FIXED: Final = {
    ord(code): Struct(layout)
    for code, layout in {
        "b": ">b",
        "B": ">B",
        "s": ">h",
        "u": ">H",
        "I": ">i",
        "i": ">I",
        "l": ">q",
        "L": ">q",
        "f": ">f",
        "d": ">d",
    }.items()
}
"""The code of a type of fixed length → its layout."""

_TEXT: Final = ord("S")

_LARGEST_SECONDS: Final = 0xFFFFFFFF
"""A larger timestamp, from the year 2106 on, is taken for milliseconds, as the library does."""


class CutShortError(Exception):
    """The bytes end before the value does, or its type is unknown, so nobody knows where the next one begins."""


class FieldReader:
    """Reads one value after the other; `problems` names in plain words what could not be read."""

    def __init__(self, data: bytes, at: int) -> None:
        self.problems: list[str] = []
        self._data = data
        self._at = at
        self._end = len(data)
        self._values = 0

    def octet(self) -> int:
        """A number of one byte. Raises `CutShortError` at the end of the data, as all readers do."""
        at = self._at
        if at >= self._end:
            raise CutShortError("a value is longer than what holds it")
        self._at = at + 1
        return self._data[at]

    def number(self, layout: Struct) -> Any:
        """A number of fixed length."""
        begins, ends = self._at, self._at + layout.size
        if ends > self._end:
            raise CutShortError("a value is longer than what holds it")
        self._at = ends
        return layout.unpack_from(self._data, begins)[0]

    def short_text(self, what: str) -> str:
        """A text of at most 255 bytes; `what` names it in a problem."""
        raw = self._take(self.octet())
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.problems.append(f"{what} is not UTF-8: {raw[:40]!r}")
            return raw.decode(errors="replace")

    def long_text(self) -> str | bytes:
        """A text, or the bytes themselves where they are not UTF-8: AMQP has one type for both."""
        raw = self._take(self.number(_LENGTH))
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw

    def time(self, what: str) -> datetime | None:
        """A time, or `None` where the number is none, such as one in microseconds."""
        number = self.number(_TIME)
        try:
            return datetime.fromtimestamp(number / 1000 if number > _LARGEST_SECONDS else number, tz=UTC)
        except (ValueError, OverflowError, OSError):
            self.problems.append(f"{what} is no time: {number}")
            return None

    def table(self, depth: int = 0) -> dict[str, Any]:
        """Values by name. What follows a value that cannot be read is left out, up to the table's end."""
        found: dict[str, Any] = {}

        def read_entry() -> None:
            name = self.short_text("the name of a header")
            found[name] = self._value(depth)

        self._each(read_entry)
        return found

    def _array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self._each(lambda: found.append(self._value(depth)))
        return found

    def _each(self, read: Callable[[], None]) -> None:
        """Read until the end of what the length before it says."""
        length = self.number(_LENGTH)
        if length > self._end - self._at:
            raise CutShortError("a table is longer than the headers")
        outer, self._end = self._end, self._at + length
        try:
            while self._at < self._end:
                self._count()
                read()
        except CutShortError as error:
            self.problems.append(str(error))
        self._at, self._end = self._end, outer

    def _count(self) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise CutShortError(f"there are more than {MOST_VALUES:,} headers")

    def _value(self, depth: int) -> Any:  # noqa: C901, PLR0911 - one case for each of AMQP's types
        code = self.octet()
        if code == _TEXT:
            return self.long_text()
        if layout := _FIXED.get(code):
            return self.number(layout)
        match chr(code):
            case "t":
                return bool(self.octet())
            case "T":
                return self.time("a time in the headers")
            case "D":
                decimals, number = _DECIMAL.unpack(self._take(_DECIMAL.size))
                return Decimal(number).scaleb(-decimals)
            case "x":
                return bytearray(self._take(self.number(_LENGTH)))
            case "V" | "\0":
                return None
            case "F" | "A" if depth >= DEEPEST:
                self.problems.append(f"the headers are nested more than {DEEPEST} deep")
                self._take(self.number(_LENGTH))
                return None
            case "F":
                return self.table(depth + 1)
            case "A":
                return self._array(depth + 1)
        raise CutShortError(f"a header has the unknown type {chr(code)!r}")

    def _take(self, length: int) -> bytes:
        begins, ends = self._at, self._at + length
        if ends > self._end:
            raise CutShortError("a value is longer than what holds it")
        self._at = ends
        return self._data[begins:ends]
