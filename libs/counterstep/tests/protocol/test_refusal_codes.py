"""A refusal's code: strict where it is made, lenient where it is read."""

from pathlib import Path
from typing import Any, Never, cast

import pytest
from counterstep.protocol.answers import Abandoned
from counterstep.protocol.golden.gate import problems, write
from counterstep.protocol.messages import Refusal
from counterstep.protocol.refusal_codes import RefusalCode
from pydantic import ValidationError


class NoRoomCode(RefusalCode):
    FULL = "full"
    CLOSED = "closed"


class NoRoom(Refusal):
    code: NoRoomCode


class Declined(Refusal):
    """A refusal whose contract tells no cases apart."""


def test_a_participant_can_make_a_refusal_with_a_declared_code_only() -> None:
    assert NoRoom(code=NoRoomCode.FULL, reason="no room").code is NoRoomCode.FULL
    with pytest.raises(ValidationError, match="Input should be 'full' or 'closed'"):
        NoRoom.model_validate({"code": "flooded", "reason": "no room"})


def test_a_code_that_is_declared_elsewhere_is_none_of_this_refusal() -> None:
    with pytest.raises(ValidationError):
        NoRoom.model_validate({"code": Abandoned().code, "reason": "no room"})


def test_a_code_from_a_newer_participant_is_read_and_sent_again_as_it_was() -> None:
    sent = '{"code":"flooded","reason":"no room"}'
    read = NoRoom.model_validate_json(sent)
    assert read.code == "flooded"
    assert not isinstance(read.code, NoRoomCode)
    assert read.model_dump_json() == sent


def test_a_declared_code_is_read_as_the_member() -> None:
    assert NoRoom.model_validate_json('{"code": "closed", "reason": "no room"}').code is NoRoomCode.CLOSED


@pytest.mark.parametrize("code", ['"No Room"', '""', "7", "null", f'"{"x" * 65}"'])
def test_what_is_no_code_at_all_is_not_read(code: str) -> None:
    with pytest.raises(ValidationError):
        NoRoom.model_validate_json(f'{{"code": {code}, "reason": "no room"}}')


def test_a_declared_code_cannot_be_left_out() -> None:
    with pytest.raises(ValidationError, match="Field required"):
        NoRoom.model_validate_json('{"reason": "no room"}')


def test_a_refusal_that_declares_no_codes_has_one_that_says_so() -> None:
    assert Declined(reason="no").code == "unspecified"
    assert not RefusalCode.declared_by(Declined)


def test_the_declared_codes_of_a_refusal_are_known_to_programs() -> None:
    assert RefusalCode.declared_by(NoRoom) == (NoRoomCode.FULL, NoRoomCode.CLOSED)
    assert NoRoom.model_json_schema()["properties"]["code"]["x-extensible-enum"] == ["full", "closed"]


def test_a_new_code_needs_no_new_version(tmp_path: Path) -> None:
    class MoreCodes(RefusalCode):
        FULL = "full"
        CLOSED = "closed"
        FLOODED = "flooded"

    class More(Refusal):
        code: MoreCodes

    name = "hotel.no_room.v1"
    list(write({name: NoRoom}, tmp_path))
    assert not list(problems({name: More}, tmp_path))


def test_a_code_where_there_was_none_needs_a_new_version(tmp_path: Path) -> None:
    class Before(Refusal): ...

    name = "hotel.no_room.v1"
    list(write({name: Before}, tmp_path))
    assert any("code may be left out where it is written" in each for each in problems({name: NoRoom}, tmp_path))


def test_a_command_that_cannot_be_refused_has_no_codes() -> None:
    assert not RefusalCode.declared_by(cast(Any, Never))
