"""What pages link to in this repository."""

import posixpath
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from sources import ROOT, files_in

PARSER: Final = MarkdownIt("commonmark").enable("table")
TARGET: Final = {"link_open": "href", "image": "src"}


def linked_from(pages: Iterable[str]) -> list[str]:
    """The files and folders that these pages link to, in that order and without these pages.

    A folder brings along the files in it. What is not there is left out: the strict build names the link.
    """
    pages = list(pages)
    found = dict.fromkeys(target for page in pages for target in _targets(page) if (ROOT / target).exists())
    folders = [ROOT / target for target in found if (ROOT / target).is_dir()]
    inside = [str(file.relative_to(ROOT)) for folder in folders for file in files_in(folder)]
    return [target for target in dict.fromkeys([*found, *inside]) if target not in pages]


def title_of(page: str) -> str:
    """A page's first heading."""
    return (ROOT / page).read_text().partition("\n")[0].removeprefix("# ")


def _targets(page: str) -> Iterator[str]:
    for token in _tokens(PARSER.parse((ROOT / page).read_text())):
        if token.type in TARGET:
            url = urlsplit(str(token.attrs[TARGET[token.type]]))
            if url.path and not url.scheme and not url.netloc:
                path = unquote(url.path).partition("::")[0]  # a symbol of a module
                yield posixpath.normpath(posixpath.join(posixpath.dirname(page), path))


def _tokens(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
