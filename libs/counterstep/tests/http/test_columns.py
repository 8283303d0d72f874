"""What is kept as JSON comes back as it was."""

from counterstep.http.columns import Jsonb
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url
from travel.contracts.hotel import Night

NIGHTS = Jsonb(tuple[Night, ...])
DIALECT = make_url("postgresql+asyncpg://").get_dialect()()


@given(st.lists(st.builds(Night, kind=st.just("double"), guests=st.integers(1, 10_000))).map(tuple))
def test_nights_come_back_as_they_were(nights: tuple[Night, ...]) -> None:
    kept = NIGHTS.process_bind_param(nights, DIALECT)
    assert NIGHTS.process_result_value(kept, DIALECT) == nights


def test_nothing_comes_back_as_nothing() -> None:
    assert NIGHTS.process_bind_param(None, DIALECT) is None
    assert NIGHTS.process_result_value(None, DIALECT) is None
