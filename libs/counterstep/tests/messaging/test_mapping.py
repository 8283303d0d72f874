"""Which rows a handler can be given."""

from typing import cast

import pytest
from counterstep.messaging.consumer.dead_letters import DeadLetter
from counterstep.messaging.database.mapping import mapping_of
from sqlalchemy import inspect
from sqlmodel import Field, SQLModel


def test_a_row_with_a_column_of_bytes_is_refused_with_its_reason() -> None:
    with pytest.raises(TypeError, match="DeadLetter has a column of bytes"):
        mapping_of(DeadLetter)


class Crate(SQLModel, table=True):
    sku: str = Field(primary_key=True)
    pieces: int


def test_a_row_made_of_columns_can_be_changed_and_equals_one_that_was_constructed() -> None:
    crate = cast(Crate, mapping_of(Crate).row(["lamp", 3]))
    assert crate == Crate(sku="lamp", pieces=3)
    crate.pieces -= 1
    assert mapping_of(Crate).values(crate) == ("lamp", 2)


def test_a_row_made_of_columns_has_no_change_to_write() -> None:
    assert not inspect(mapping_of(Crate).row(["lamp", 3])).modified
