"""A cursor is a key, and nothing else is a cursor."""

from uuid import UUID

import pytest
from counterstep.http.paging.pages import decode, encode
from hypothesis import given
from hypothesis import strategies as st


@given(st.uuids())
def test_a_cursor_stands_for_its_key(key: UUID) -> None:
    assert decode(encode(key)) == key


@pytest.mark.parametrize("cursor", ["", "x", "zz", "ключ", "A" * 23, "A" * 1000])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="next_cursor"):
        decode(cursor)
