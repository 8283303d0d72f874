"""The committed API documents are what the services say; an edit on either side is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_documents import documents, problems

DOCUMENTS = dict(documents())


def references(part: Any) -> Iterator[str]:
    match part:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            yield from (reference for inside in part.values() for reference in references(inside))
        case list():
            yield from (reference for inside in part for reference in references(inside))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whatever_a_document_points_to_is_there(name: str) -> None:
    for reference in references(DOCUMENTS[name]):
        found = DOCUMENTS[name]
        for key in reference.removeprefix("#/").split("/"):
            found = found[key]
        assert found


def test_a_document_that_was_edited_lost_or_left_behind_is_named(tmp_path: Path) -> None:
    for name in ("edited.yaml", "left_behind.yaml"):
        (tmp_path / name).write_text("old")
    assert list(problems({"edited.yaml": "new", "lost.yaml": "new"}, tmp_path)) == [
        f"{tmp_path}/edited.yaml is not what the code says: `make apis` writes it again",
        f"{tmp_path}/left_behind.yaml is of no service: delete it",
        f"{tmp_path}/lost.yaml is not what the code says: `make apis` writes it again",
    ]
