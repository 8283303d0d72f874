"""Files of the repository as pages of the site: documents as they are, code with its lines numbered."""

from pathlib import Path
from typing import Any, Final

import yaml
from asyncapi_page import asyncapi_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel
from openapi_page import openapi_page

ROOT: Final = Path(__file__).parents[2]
AS_THEY_ARE: Final = {".md", ".png", ".svg", ".css"}
APIS: Final = {".openapi": openapi_page, ".asyncapi": asyncapi_page}
FENCE: Final = "`" * 6  # more than any file holds
HEAD: Final = "---\ntitle: {path}\nsearch: {{exclude: true}}\nhide: [navigation, toc]\n---\n"


class Source(File):
    """A file that is no document, and has a page all the same."""

    def is_documentation_page(self) -> bool:
        return True


class Api(Source):
    """A service's API document."""

    def document(self, config: MkDocsConfig) -> File:
        """The document itself, for programs."""
        file = File.generated(config, f"{self.src_uri}.txt", abs_src_path=str(ROOT / self.src_uri))
        file.dest_uri = self.src_uri
        return file


def as_page(path: str, config: MkDocsConfig) -> File:
    """What the site shows for this file or folder."""
    file = ROOT / path
    if file.is_dir():
        return Source.generated(config, path, content=_folder(file, path), inclusion=InclusionLevel.NOT_IN_NAV)
    if file.suffix in AS_THEY_ARE:
        return File.generated(config, path, abs_src_path=str(file))
    if write := APIS.get(Path(file.stem).suffix):
        document: dict[str, Any] = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
        return Api.generated(config, path, content=write(document, f"{file.name}.txt"))
    return Source.generated(config, path, content=_code(file, path), inclusion=InclusionLevel.NOT_IN_NAV)


def _code(file: Path, path: str) -> str:
    code = f'{FENCE}{{.{file.suffix[1:] or file.name.lower()} linenums="1"}}\n{file.read_text()}\n{FENCE}'
    return f"{HEAD.format(path=path)}# `{path}`\n\n{code}\n"


def _folder(folder: Path, path: str) -> str:
    folders = sorted(each.name for each in folder.iterdir() if each.is_dir() and not each.name.startswith("__"))
    shown = [
        *(f"- `{name}/`" for name in folders),
        *(f"- [`{each.name}`]({folder.name}/{each.name})" for each in files_in(folder)),
    ]
    return f"{HEAD.format(path=path)}# `{path}`\n\n" + "\n".join(shown)


def files_in(folder: Path) -> list[Path]:
    """The files of a folder that a person may want to read."""
    return sorted(each for each in folder.iterdir() if each.is_file() and each.stat().st_size)
