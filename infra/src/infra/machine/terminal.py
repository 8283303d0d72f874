"""The one way to the terminal. What is printed there is text, from every author.

A name, a reason or a log line may come from anybody. Without this, `[/]` in a reason would be markup and end in a
traceback, and an escape sequence would rewrite the screen, hide a line, or be a link to another place.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

LAYOUT: Final = "\n\t"
"""The only control characters that text may have."""


def printable(text: str) -> str:
    """The text with every other control or invisible character as an escape, as `repr` writes it."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in LAYOUT else repr(each)[1:-1] for each in text)


class Terminal(Console):
    """A console on which no text is markup, and no text has a control character.

    Colours and the movements of a live display are not text: rich makes them itself, from styles and controls.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, highlight=False, markup=False, emoji=False)
        self._acts = 0

    @contextmanager
    def acting(self) -> Iterator[None]:
        """The block is done to its end, even if nobody reads the output to its end, as with `| head`."""
        self._acts += 1
        try:
            yield
        finally:
            self._acts -= 1

    def on_broken_pipe(self) -> None:
        """Nobody reads any more. Rich prints no more then, and ends the program."""
        with suppress(SystemExit) if self._acts else nullcontext():
            super().on_broken_pipe()

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Every renderable becomes segments here, whichever way it is shown."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))


def write_json(document: bytes | str) -> None:
    """Print JSON. What a terminal could take for a command is escaped, as JSON allows in any string."""
    text = document.decode() if isinstance(document, bytes) else document
    sys.stdout.write("".join(each if each.isprintable() or each == "\n" else _json_escape(each) for each in text))
    sys.stdout.write("\n")
    sys.stdout.flush()


def write_lines(lines: Iterable[str], *, error: bool = False) -> None:
    """Print lines that another program wrote, each at once and in full."""
    stream = sys.stderr if error else sys.stdout
    for line in lines:
        stream.write(printable(line.rstrip("\r\n")) + "\n")
        stream.flush()


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
