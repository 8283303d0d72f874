"""A change that some peer could not read does not go unnoticed, and golden files only ever grow."""

import json
from pathlib import Path
from typing import Annotated, ClassVar, Never

import pytest
from counterstep.protocol.golden.gate import problems, write
from counterstep.protocol.messages import Command, Event, Message, Past, Refusal, Reply
from counterstep.protocol.naming import upcast
from pydantic import Field, create_model, field_serializer, field_validator

NAME = "lamp.switched.v1"


class Switched(Event):
    lamp: str
    on: bool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The golden file of the message as it is."""
    assert [file.name for file in write({NAME: Switched}, tmp_path)] == [f"{NAME}.json"]
    return tmp_path


def found(message: type[Message], folder: Path) -> list[str]:
    return list(problems({NAME: message}, folder))


def test_a_message_that_did_not_change_is_no_problem(folder: Path) -> None:
    assert found(Switched, folder) == []


def test_a_change_is_reported_with_its_field_its_direction_and_what_to_do(folder: Path) -> None:
    renamed = create_model("Renamed", __base__=Event, lamp=(str, ...), is_on=(bool, ...))
    *faults, advice = found(renamed, folder)
    assert faults == [
        f"{NAME}: on is not known any more where it is read, and would be lost (older → newer)",
        f"{NAME}: is_on is not there where it is written, and has no default where it is read (older → newer)",
        f"{NAME}: on is not there where it is written, and has no default where it is read (newer → older)",
    ]
    assert advice.startswith(f"Leave {NAME} as it was: move it to the subpackage `past`, with an `upcast`")


def test_growth_that_every_peer_can_read_must_be_put_on_record(folder: Path) -> None:
    grown = create_model("Grown", __base__=Switched, by=(str, ""))
    (problem,) = found(grown, folder)
    assert problem.startswith(f"{NAME} has grown, and every peer can read it: the same command with --write")


def test_growth_is_put_on_record_beside_the_sample_of_the_beginning(folder: Path) -> None:
    sample = json.loads((folder / f"{NAME}.json").read_text())["sample"]
    grown = create_model("Grown", __base__=Switched, by=(str, ""))
    assert len([*write({NAME: grown}, folder)]) == 1
    frozen = json.loads((folder / f"{NAME}.json").read_text())
    assert (frozen["sample"], "by" in frozen["schema"]["properties"]) == (sample, True)
    assert found(grown, folder) == []


def test_a_golden_file_is_not_written_over_by_what_some_peer_could_not_read(folder: Path) -> None:
    before = (folder / f"{NAME}.json").read_text()
    assert [*write({NAME: create_model("Less", __base__=Event, lamp=(str, ...))}, folder)] == []
    assert (folder / f"{NAME}.json").read_text() == before


def test_a_new_version_without_a_golden_file_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    assert found(Switched, tmp_path) == [f"{NAME}.json is missing: the same command with --write makes it"]


def test_a_golden_file_without_a_message_is_a_version_that_was_taken_away(folder: Path) -> None:
    (problem,) = problems({}, folder)
    assert problem.startswith(f"{NAME}.json has no message: peers may still send it")


def test_a_validator_that_refuses_what_was_once_written_is_found_by_the_sample(folder: Path) -> None:
    class Picky(Switched):
        @field_validator("lamp")
        @classmethod
        def _known(cls, lamp: str) -> str:
            raise ValueError(f"{lamp} is not known")

    assert (
        found(Picky, folder)[0] == f"{NAME}: its sample is not read any more: lamp: Value error, text is not known"
    )


def test_a_serializer_that_writes_what_older_peers_do_not_read_is_found_by_the_sample(folder: Path) -> None:
    class Numbered(Switched):
        @field_serializer("on")
        def _as_number(self, on: bool) -> int:  # noqa: FBT001 - pydantic's signature
            return int(on)

    assert "its sample is written so that older peers do not read it: $.on" in found(Numbered, folder)[0]


def test_an_upcast_that_cannot_read_the_sample_is_found(folder: Path) -> None:
    class Old(Past):
        lamp: str
        on: bool

        def upcast(self) -> Message:
            return Switched.model_validate({})

    assert found(Old, folder)[0].startswith(f"{NAME}: its sample is not read any more: lamp: Field required")


def test_a_past_version_stays_as_it_was(folder: Path) -> None:
    class Less(Past):
        lamp: str

        def upcast(self) -> Message:
            return Switched(lamp=self.lamp, on=True)

    assert found(Less, folder)[-1] == f"Leave {NAME} as it was: what was said cannot be changed any more."


class Done(Reply):
    """It is done."""


class Broken(Refusal):
    """It is not."""


def test_a_command_that_is_answered_otherwise_needs_a_version(tmp_path: Path) -> None:
    class Switch(Command[Done, Never]):
        lamp: str

    class MayRefuse(Command[Done, Broken]):
        lamp: str

    list(write({NAME: Switch}, tmp_path))
    assert "it is answered by" in found(MayRefuse, tmp_path)[0]


def test_a_field_of_which_no_sample_can_be_made_is_named(tmp_path: Path) -> None:
    class Numbered(Event):
        code: Annotated[str, Field(pattern=r"^\d+$")]

    with pytest.raises(ValueError, match="no sample of Numbered can be made: give code `examples`"):
        list(write({NAME: Numbered}, tmp_path))


def test_past_versions_are_upcast_one_by_one_to_the_current_one() -> None:
    class Second(Past):
        version: ClassVar[int] = 2

        def upcast(self) -> Message:
            return Switched(lamp="a", on=True)

    class First(Past):
        def upcast(self) -> Message:
            return Second()

    assert upcast(First()) == Switched(lamp="a", on=True)
