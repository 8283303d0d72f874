"""A new saga or service finds its place in a Python file, however that file is written."""

import ast
from collections.abc import Mapping
from typing import Final

import pytest
from infra.machine.user_error import UserError
from infra.scaffolding.place import Place
from infra.scaffolding.python_place import Element, Statement

NEW: Final = {"name": "return_order", "NAME": "RETURN_ORDER"}
OLD: Final = {"name": "place_order", "NAME": "PLACE_ORDER"}
SAGAS: Final = Element("sagas.py", "<NAME>", of="SAGAS")
IMPORT: Final = Statement("sagas.py", "from sagas.<name> import <NAME>")
CALL: Final = Statement("api.py", "router.include_router(<name>)")
PORT: Final = Statement("ports.py", "<name>: Port = 1")


def added(place: Place, text: str, new: Mapping[str, str] = NEW) -> str:
    return place.added(text, new, OLD)


@pytest.mark.parametrize(
    "text",
    [
        "SAGAS = (PLACE_ORDER,)",
        "SAGAS: Final = [PLACE_ORDER, PLACE_ORDER_V1]",
        "SAGAS = (\n    # the newest first\n    PLACE_ORDER,  # version 2\n)",
        "é = 'é'; SAGAS = (ANOTHER, PLACE_ORDER)",
        "SAGAS = (ANOTHER,)",
        "SAGAS = Literal['x', PLACE_ORDER]",
    ],
)
def test_a_saga_is_registered_in_any_form_of_the_tuple(text: str) -> None:
    after = added(SAGAS, text)
    assert SAGAS.holds(after, NEW)
    assert after.replace("RETURN_ORDER, ", "") == text
    assert added(SAGAS, after) == after


@pytest.mark.parametrize("text", ["SAGAS = found()", "OTHERS = (PLACE_ORDER,)", "SAGAS = ()"])
def test_a_registry_of_another_shape_is_told_with_what_to_add_by_hand(text: str) -> None:
    with pytest.raises(UserError, match=r"sagas.py: a new entry belongs before `PLACE_ORDER`.* by hand") as error:
        added(SAGAS, text)
    assert "RETURN_ORDER" in error.value.log


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (IMPORT, "from sagas.place_order import PLACE_ORDER\n"),
        (IMPORT, "import os\n\nX = 1\n"),
        (IMPORT, "from sagas.place_order import (\n    PLACE_ORDER,\n)\n"),
        (CALL, "def make(router):\n    router.include_router(place_order)\n    return router\n"),
        (CALL, "router.include_router(\n    another,\n    prefix='/x',\n)\nafter = 1\n"),
        (PORT, "class Ports:\n    place_order: Port = 1\n    other: Port = 2\n"),
    ],
)
def test_a_statement_comes_to_its_kind(place: Place, text: str) -> None:
    after = added(place, text)
    ast.parse(after)
    assert place.entry(NEW) in after
    assert after.replace(place.entry(NEW), "").split() == text.split()
    assert added(place, after) == after


def test_a_file_without_any_such_statement_is_told_with_what_to_add_by_hand() -> None:
    with pytest.raises(UserError, match=r"api.py: a new entry belongs before") as error:
        added(CALL, "X = 1\n")
    assert "router.include_router(return_order)" in error.value.log
