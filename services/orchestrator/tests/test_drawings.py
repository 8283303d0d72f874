"""The documentation shows the sagas as they are."""

from typing import Any

import pytest
from orchestrator.sagas import SAGAS
from orchestrator.sagas.drawings import drawn, page
from saga import Saga


@pytest.mark.parametrize("saga", SAGAS.started_by.values(), ids=lambda saga: saga.name)
def test_a_page_shows_its_saga_s_newest_version(saga: Saga[Any]) -> None:
    text = page(saga).read_text()
    assert "```mermaid" in text
    assert text == drawn(text, saga), f"{page(saga)} is out of date: run `python -m orchestrator.sagas.drawings`"
