"""The documentation shows the sagas as they are."""

from typing import Any

import pytest
from counterstep.saga.definition import Saga
from counterstep.saga.drawings import drawn, page
from infra.machine.home import CHECKOUT
from orchestrator.sagas import SAGAS


@pytest.mark.parametrize("saga", SAGAS.started_by.values(), ids=lambda saga: saga.name)
def test_a_page_shows_its_saga_s_newest_version(saga: Saga[Any]) -> None:
    text = page(CHECKOUT / "docs", saga).read_text()
    assert "```mermaid" in text
    assert text == drawn(text, saga), f"{page(CHECKOUT / 'docs', saga)} is out of date: run `make freeze`"
