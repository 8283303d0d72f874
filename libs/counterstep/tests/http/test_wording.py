"""No message of pydantic's reaches a user: the words are ours, and say what the value must be."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from counterstep.http.wording import UNUSABLE, WORDS, in_words
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core.core_schema import ErrorType

PLACES = re.compile(r"{(\w+)}")


def _no_lamp(name: str) -> str:
    if name == "lamp":
        raise ValueError("lamps are sold out; choose another name")
    return name


class Everything(BaseModel):
    """A field of each kind that our requests and settings have."""

    model_config = ConfigDict(extra="forbid")

    count: Annotated[int, Field(ge=1, le=9)] = 1
    share: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1
    name: Annotated[str, Field(min_length=2, max_length=5), AfterValidator(_no_lamp)] = "mug"
    code: Annotated[str, Field(pattern="^[a-z]+$")] = "a"
    id: UUID | None = None
    at: AwareDatetime | None = None
    side: Literal["left", "right"] = "left"
    lines: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    sure: bool = True


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("count", 0, "must be at least 1"),
        ("count", 10, "must be at most 9"),
        ("count", "many", "must be a whole number"),
        ("count", 1.5, "must be a whole number"),
        ("count", "9" * 5_000, "has too many digits"),
        ("share", 0, "must be more than 0.0"),
        ("share", float("nan"), "must be a finite number"),
        ("share", "half", "must be a number"),
        ("name", "m", "must have at least 2 characters"),
        ("name", "candle", "must have at most 5 characters"),
        ("name", 7, "must be text"),
        ("name", "lamp", "lamps are sold out; choose another name"),
        ("code", "A", "must match ^[a-z]+$"),
        ("id", "yesterday", "must be a UUID, such as 01a2254c-e24b-774d-8bf1-6de2ee49f5dc"),
        ("at", datetime(2026, 1, 31), "must be a date and time with a time zone, such as 2026-01-31T12:00:00Z"),  # noqa: DTZ001 - the mistake
        ("side", "up", "must be 'left' or 'right'"),
        ("lines", [], "must have at least 1 entries, and has 0"),
        ("lines", "1", "must be a list"),
        ("sure", "perhaps", "must be true or false"),
        ("colour", "red", "is not known here; leave it out"),
    ],
)
def test_each_wrong_value_is_told_what_it_must_be(field: str, value: Any, words: str) -> None:
    with pytest.raises(ValidationError) as failure:
        Everything.model_validate({field: value})
    assert [in_words(error) for error in failure.value.errors()] == [words]


def test_a_field_that_is_missing_is_required() -> None:
    assert in_words({"type": "missing", "loc": ("body", "name"), "msg": "Field required"}) == "is required"


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_kind_of_error_is_told_in_the_library_s_words(kind: str) -> None:
    limits = dict.fromkeys((name for words in WORDS.values() for name in PLACES.findall(words)), 7)
    error = {"type": kind, "msg": "the library's words", "ctx": {"error": "our own words", **limits}}
    assert in_words(error) in {"our own words", WORDS.get(kind, UNUSABLE).format_map(limits)}


def test_every_kind_that_has_words_is_one_of_the_library_s() -> None:
    assert set(WORDS) <= set(get_args(ErrorType))
