"""What is kept as JSON comes back as it was."""

from contracts.catalogue import Line
from counterstep.http.columns import Jsonb
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

LINES = Jsonb(tuple[Line, ...])
DIALECT = make_url("postgresql+asyncpg://").get_dialect()()


@given(st.lists(st.builds(Line, sku=st.just("lamp"), quantity=st.integers(1, 10_000))).map(tuple))
def test_lines_come_back_as_they_were(lines: tuple[Line, ...]) -> None:
    kept = LINES.process_bind_param(lines, DIALECT)
    assert LINES.process_result_value(kept, DIALECT) == lines


def test_nothing_comes_back_as_nothing() -> None:
    assert LINES.process_bind_param(None, DIALECT) is None
    assert LINES.process_result_value(None, DIALECT) is None
