"""The documentation shows the sagas as they are."""

from pathlib import Path
from typing import Any, Final

import pytest
from counterstep.saga.definition import Saga
from counterstep.saga.drawings import drawn, page
from counterstep.saga.registry import Registry
from orchestrator.sagas import SAGAS

DOCS: Final = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("saga", Registry(SAGAS).started_by.values(), ids=lambda saga: saga.name)
def test_a_page_shows_its_saga_s_newest_version(saga: Saga[Any]) -> None:
    text = page(DOCS, saga).read_text()
    assert "```mermaid" in text
    assert text == drawn(text, saga), f"{page(DOCS, saga)} is out of date: run `make freeze`"
