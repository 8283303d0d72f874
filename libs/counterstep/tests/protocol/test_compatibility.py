"""What an older and a newer peer can read of one another, change by change; `docs/contracts.md` says the same."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

import pytest
from counterstep.protocol.golden.compatibility import Comparison
from counterstep.protocol.golden.schemas import schema_of
from counterstep.protocol.messages import Message
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

PAGE: Final = Path(__file__).parents[4] / "docs" / "contracts.md"


class Closed(BaseModel):
    """A model inside a message, that refuses what it does not know, as ours do."""

    model_config = ConfigDict(extra="forbid")

    sku: str


class Grown(Closed):
    note: str = ""


class Tight(Closed):
    sku: Annotated[str, Field(max_length=8)]


class Change(NamedTuple):
    """One field before and after; `...` where there is none."""

    before: Any
    after: Any


AMOUNT: Final = (int, Field(ge=0, le=100))

CHANGES: Final[dict[str, Change]] = {
    "nothing but words: a title, a description, an example": Change(
        (str, ...), (str, Field(title="T", description="d", examples=["e"]))
    ),
    "an optional field more": Change(..., (str, "")),
    "a required field more": Change(..., (str, ...)),
    "a field less": Change((str, ""), ...),
    "a required field made optional": Change((str, ...), (str, "")),
    "an optional field made required": Change((str, ""), (str, ...)),
    "another default": Change((bool, False), (bool, True)),
    "another type": Change((int, ...), (str, ...)),
    "`int` to `float`": Change((int, ...), (float, ...)),
    "`None` allowed": Change((str, ...), (str | None, ...)),
    "`None` allowed no more": Change((str | None, ...), (str, ...)),
    "a value more in an enumeration": Change((Literal["a", "b"], ...), (Literal["a", "b", "c"], ...)),
    "a value less in an enumeration": Change((Literal["a", "b"], ...), (Literal["a"], ...)),
    "bounds made wider": Change(AMOUNT, (int, Field(ge=0, le=200))),
    "bounds made tighter": Change(AMOUNT, (int, Field(gt=0, le=100))),
    "a pattern added": Change((str, ...), (str, Field(pattern="^[a-z]+$"))),
    "a pattern taken away": Change((str, Field(pattern="^[a-z]+$")), (str, ...)),
    "another pattern": Change((str, Field(pattern="^[a-z]+$")), (str, Field(pattern="^[a-z]*$"))),
    "a format, as of a time, added": Change((str, ...), (AwareDatetime, ...)),
    "fewer items allowed": Change((tuple[str, ...], ...), (tuple[str, ...], Field(max_length=3))),
    "other items in a tuple": Change((tuple[str, int], ...), (tuple[str, str], ...)),
    "an item more in a tuple": Change((tuple[str, int], ...), (tuple[str, int, int], ...)),
    "an optional field more in a model inside, that forbids others": Change((Closed, ...), (Grown, ...)),
    "a field made tighter in a model inside": Change((tuple[Closed, ...], ...), (tuple[Tight, ...], ...)),
}


def message(field: Any, *, extra: Literal["ignore", "forbid"] = "ignore") -> type[Message]:
    """A message with a field that never changes, and perhaps this one."""
    fields = {} if field is ... else {"changed": field}
    base = type("Base", (Message,), {"model_config": ConfigDict(extra=extra)})
    return create_model("Changed", __base__=base, same=(int, ...), **fields)


def faults(change: Change, extra: Literal["ignore", "forbid"]) -> tuple[list[str], list[str]]:
    """What is not read: by the newer peer of what the older says, and the other way round."""
    before, after = (schema_of(message(field, extra=extra)) for field in change)
    there = [str(fault) for fault in Comparison(before, after, lossless=True).faults()]
    return there, [str(fault) for fault in Comparison(after, before).faults()]


def table() -> Iterator[tuple[str, list[bool]]]:
    """Each change of the page, and what it says is read: events there and back, commands there and back."""
    for line in PAGE.read_text().splitlines():
        if match := re.match(r"\| (.+?) +\| (yes|no) +\| (yes|no) +\| (yes|no) +\| (yes|no) +\|", line):
            change, *read = match.groups()
            yield change, [word == "yes" for word in read]


@pytest.mark.parametrize("change", CHANGES)
def test_the_page_shows_what_is_read_after_this_change(change: str) -> None:
    read = [not found for extra in ("ignore", "forbid") for found in faults(CHANGES[change], extra)]
    assert dict(table())[change] == read


def test_the_page_lists_each_change_once() -> None:
    assert [change for change, _ in table()] == list(CHANGES)


@pytest.mark.parametrize("extra", ["ignore", "forbid"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_fault_names_the_field_that_was_changed(change: str, extra: Literal["ignore", "forbid"]) -> None:
    assert all(fault.startswith("changed") for found in faults(CHANGES[change], extra) for fault in found)


def test_a_renamed_field_is_missed_under_both_names() -> None:
    before = create_model("Before", __base__=Message, amount=(int, ...))
    after = create_model("After", __base__=Message, total=(int, ...))
    there = [str(fault) for fault in Comparison(schema_of(before), schema_of(after), lossless=True).faults()]
    assert there == [
        "amount is not known any more where it is read, and would be lost",
        "total is not there where it is written, and has no default where it is read",
    ]


def test_a_model_that_stands_in_itself_is_compared_once() -> None:
    older, newer = schema_of(Tree), schema_of(WiderTree)
    assert [*Comparison(older, newer, lossless=True).faults()] == []
    (fault,) = Comparison(newer, older).faults()
    assert str(fault) == "height has the maximum 10 where it is read, and is 20 where it is written"


class Tree(Message):
    height: Annotated[int, Field(le=10)] = 0
    branches: tuple["Tree", ...] = ()


class WiderTree(Message):
    height: Annotated[int, Field(le=20)] = 0
    branches: tuple["WiderTree", ...] = ()
