"""What the site is made of: README and its neighbours, the pages of `docs`, and whatever in here they link to."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final

from links import linked_from, title_of
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from sources import Api, as_page

FRONT: Final = "README.md"
BESIDE: Final = ("CONTRIBUTING.md", "CHANGELOG.md")
LOOK: Final = ("docs/builder/site.css", "libs/counterstep/src/counterstep/http/static/icon.svg")
MERMAID: Final = "assets/mermaid.js"
SYMBOL: Final = re.compile(r"(\]\([^)\s]+?)::[\w.]+\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put every file where it stands in the repository, so that links mean what they mean there."""
    pages = [FRONT, *BESIDE, *(f"docs/{file.src_uri}" for file in files if file.src_uri.endswith(".md"))]
    linked = _reached_from(pages)
    made = [as_page(path, config) for path in (*pages, *linked, *LOOK)]
    documents = [each.document(config) for each in made if isinstance(each, Api)]
    config.nav = list(_navigation(pages, [each.src_uri for each in made if isinstance(each, Api)]))
    of_theme = [file for file in files if file.src_dir != config.docs_dir]
    return Files([*of_theme, *made, *documents, _mermaid(config)])


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead a link to a symbol of a module to the module."""
    return SYMBOL.sub(r"\1)", markdown)


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Bring Mermaid's program to where a diagram is: the theme would ask another server for it."""
    if 'class="mermaid"' not in html:
        return html
    return f'{html}<script src="{get_relative_url(MERMAID, page.url)}"></script>'


def _reached_from(pages: Iterable[str]) -> list[str]:
    """What the pages link to, and what the READMEs among that link to in their turn."""
    known, unread, found = set(pages), list(pages), dict[str, None]()
    while unread:
        linked = [path for path in linked_from(unread) if path not in known]
        found.update(dict.fromkeys(linked))
        known.update(linked)
        unread = [path for path in linked if path.endswith(FRONT)]
    return list(found)


def _navigation(pages: Iterable[str], apis: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The guide in the order in which README names its pages; then each folder of `docs` under its own title."""
    yield {"Counterstep": FRONT}
    named = linked_from([FRONT])
    others = {*pages, *apis} - {FRONT, *BESIDE}
    docs = sorted(others, key=lambda path: (_folder(path), not path.endswith(FRONT), path))
    for folder, inside in groupby(docs, key=_folder):
        if folder == "docs":
            yield {"Guide": sorted(inside, key=lambda path: named.index(path) if path in named else len(named))}
        else:
            yield {title_of(f"{folder}/{FRONT}"): list(inside)}
    yield from ({title_of(page): page} for page in BESIDE)


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _mermaid(config: MkDocsConfig) -> File:
    program = distribution("mermaidx").locate_file("mermaidx/assets/mermaid.js")
    return File.generated(config, MERMAID, abs_src_path=str(program))
