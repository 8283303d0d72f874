"""The diagrams in the documentation, drawn from the newest definitions between two markers in `docs/<saga>.md`.

python -m counterstep.saga.drawings MODULE:REGISTRY FOLDER    redraws them
"""

import argparse
import pkgutil
import re
from pathlib import Path
from typing import Any, Final

from counterstep.saga.definition import Saga
from counterstep.saga.diagram import sequence_diagram, state_diagram
from counterstep.saga.registry import Registry

_DRAWN: Final = re.compile(r"(?<=<!-- drawn -->\n).*?(?=<!-- /drawn -->)", re.DOTALL)


def page(folder: Path, saga: Saga[Any]) -> Path:
    """The documentation page of this saga."""
    return folder / f"{saga.name}.md"


def drawn(text: str, saga: Saga[Any]) -> str:
    """The text of the page, with this saga's diagrams between the markers."""
    diagrams = "\n".join(
        f"```mermaid\n{diagram}\n```\n" for diagram in (state_diagram(saga), sequence_diagram(saga))
    )
    return _DRAWN.sub(lambda _: diagrams, text)


def main() -> None:
    """Draw the newest version of each saga. Exits with one line that names a page that is missing."""
    parser = argparse.ArgumentParser(description="Draw the diagrams of every saga's page.")
    parser.add_argument("sagas", help="where the sagas are, for example trip.sagas:SAGAS")
    parser.add_argument("folder", type=Path, help="the folder of the pages")
    given = parser.parse_args()
    sagas = Registry(pkgutil.resolve_name(given.sagas))
    for saga in sagas.started_by.values():
        file = page(given.folder, saga)
        if not file.exists():
            raise SystemExit(f"{file} is missing: write it, with the markers <!-- drawn --> and <!-- /drawn -->")
        file.write_text(drawn(file.read_text(), saga))


if __name__ == "__main__":
    main()
