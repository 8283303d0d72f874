"""The diagrams in the documentation: drawn from the newest definitions, between two markers in `docs/<saga>.md`.

python -m orchestrator.sagas.drawings    draws them anew
"""

import re
from pathlib import Path
from typing import Any, Final

from saga import Saga
from saga.diagram import sequence_diagram, state_diagram

from orchestrator.sagas import SAGAS

DOCS: Final = Path(__file__).parents[5] / "docs"
DRAWN: Final = re.compile(r"(?<=<!-- drawn -->\n).*?(?=<!-- /drawn -->)", re.DOTALL)


def page(saga: Saga[Any]) -> Path:
    """The page on this saga."""
    return DOCS / f"{saga.name}.md"


def drawn(text: str, saga: Saga[Any]) -> str:
    """The page's text with this saga's diagrams between its markers."""
    diagrams = "\n".join(
        f"```mermaid\n{diagram}\n```\n" for diagram in (state_diagram(saga), sequence_diagram(saga))
    )
    return DRAWN.sub(lambda _: diagrams, text)


def main() -> None:
    """Draw the newest version of each saga anew; exit with the page that is missing."""
    for saga in SAGAS.started_by.values():
        if not page(saga).exists():
            raise SystemExit(f"{page(saga)} is missing: write it, with the two markers that other pages have")
        page(saga).write_text(drawn(page(saga).read_text(), saga))


if __name__ == "__main__":
    main()
