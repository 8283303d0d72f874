"""The commands and the code that README and the pages of `docs` show.

A block that the tests do not run says why, in a comment before it: `<!-- not run: it needs a Docker engine -->`.
So does a line, which is named by its beginning: `<!-- not run, make test: it is what runs this -->`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from infra.machine.checkout import CHECKOUT
from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER: Final = MarkdownIt("commonmark").enable("table")
NOT_RUN: Final = re.compile(r"<!-- not run(?:, (?P<line>[^:]+))?: (?P<reason>[^\n]+?) -->")
COMMENT: Final = re.compile(r"(?:^|[ \t]+)#.*$", re.MULTILINE)
SHELL: Final = "sh"
TUTORIAL: Final = CHECKOUT / "docs" / "tutorial.md"
"""It makes what it talks of, so it is typed as a whole, by a test of its own."""
PLATFORM: Final = CHECKOUT / "docs" / "api" / "platform.md"
"""It is made from docstrings, whose examples have a test of their own."""
DOCUMENTS: Final = [CHECKOUT / "README.md", *sorted({*(CHECKOUT / "docs").rglob("*.md")} - {TUTORIAL, PLATFORM})]
BESIDE: Final = [CHECKOUT / "CHANGELOG.md", CHECKOUT / "CONTRIBUTING.md", TUTORIAL]
"""Whose commands must be there, and are not run."""


@dataclass(frozen=True)
class Block:
    """A fenced block, and the lines in it that are not run; `""` is the beginning of every line."""

    line: int
    language: str
    text: str
    not_run: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """The lines that are run. A line that ends with a backslash continues on the next one."""
        whole = re.split(r"(?<!\\)\n", self.text.rstrip("\n"))
        return [line for line in whole if line and not line.startswith(self.not_run)]

    @property
    def needless(self) -> list[str]:
        """The `not run` comments that match no line of the block."""
        return [beginning for beginning in self.not_run if f"\n{beginning}" not in f"\n{self.text}"]


def blocks(document: Path) -> Iterator[Block]:
    """The document's fenced blocks, in their order."""
    tokens = PARSER.parse(document.read_text())
    for index, token in enumerate(tokens):
        if token.type == "fence":
            assert token.map
            yield Block(token.map[0] + 1, token.info, token.content, tuple(_not_run(tokens[:index])))


def shell(document: Path) -> list[Block]:
    """The blocks of which something is run."""
    return [block for block in blocks(document) if block.language == SHELL and block.lines]


def typed(document: Path) -> Iterator[str]:
    """The commands in the text and in the shell blocks, without the comments after them."""
    for token in PARSER.parse(document.read_text()):
        yield from (child.content for child in token.children or () if child.type == "code_inline")
        if token.type == "fence" and token.info == SHELL:
            yield from COMMENT.sub("", token.content.replace("\\\n", " ")).splitlines()


def name(document: Path) -> str:
    return str(document.relative_to(CHECKOUT))


def _not_run(before: list[Token]) -> Iterator[str]:
    comments = takewhile(lambda token: token.type == "html_block", reversed(before))
    for comment in comments:
        yield from (match["line"] or "" for match in NOT_RUN.finditer(comment.content))
