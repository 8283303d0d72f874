"""An edit of a definition without a new version does not go unnoticed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from counterstep.saga.golden import differences, problems, write_missing
from travel.sagas import BOOK_TRIP

SECOND = replace(BOOK_TRIP, version=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Golden files of the first version."""
    assert [written.name for written in write_missing([BOOK_TRIP], tmp_path)] == ["book_trip.v1.json"]
    return tmp_path


def test_a_definition_as_its_golden_file_says_is_no_problem(folder: Path) -> None:
    assert list(problems([BOOK_TRIP], folder)) == []


def test_an_edit_is_named_by_its_path_with_what_to_do(folder: Path) -> None:
    change, advice = problems([replace(BOOK_TRIP, undo_within=timedelta(seconds=12))], folder)
    assert change == "book_trip.v1.json: undo_within: 5.0 → 12.0"
    assert "register the change beside it as v2. GET /sagas/definitions shows" in advice


def test_a_step_that_was_taken_away_is_named(folder: Path) -> None:
    changes = list(problems([replace(BOOK_TRIP, compensatable=BOOK_TRIP.compensatable[1:])], folder))
    assert "book_trip.v1.json: steps.check_visa was removed" in changes


def test_a_change_inside_a_step_is_named_by_its_path(folder: Path) -> None:
    longer = replace(BOOK_TRIP, within=timedelta(seconds=60))
    assert "book_trip.v1.json: steps.take_money.within: 30.0 → 60.0" in list(problems([longer], folder))


@pytest.mark.parametrize(
    ("frozen", "now", "differs"),
    [
        ("trip.turn_down.v1", "trip.turn_down.v2", False),
        ("trip.turn_down.v2", "trip.turn_down.v1", True),
        ("trip.turn_down.v1", "trip.give_up.v2", True),
        ("trip.turn_down.v1", None, True),
        ("a.b.v1", 2, True),
    ],
)
def test_only_a_newer_version_of_the_same_command_is_no_change(frozen: str, now: object, *, differs: bool) -> None:
    assert bool(list(differences({"undo": frozen}, {"undo": now}))) is differs


def test_a_new_version_without_a_golden_file_is_refused_with_the_command_that_makes_one(folder: Path) -> None:
    assert list(problems([BOOK_TRIP, SECOND], folder)) == [
        "book_trip.v2.json is missing: the same command with --write makes it"
    ]


def test_a_golden_file_is_written_once_and_never_again(folder: Path) -> None:
    frozen = (folder / "book_trip.v1.json").read_text()
    edited = replace(BOOK_TRIP, undo_within=timedelta(seconds=12))
    assert [written.name for written in write_missing([edited, SECOND], folder)] == ["book_trip.v2.json"]
    assert (folder / "book_trip.v1.json").read_text() == frozen


def test_a_golden_file_without_a_definition_is_a_version_that_was_taken_away(folder: Path) -> None:
    list(write_missing([SECOND], folder))
    (problem,) = problems([SECOND], folder)
    assert problem.startswith("book_trip.v1.json has no registered definition: register it again")
