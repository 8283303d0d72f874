"""When something was made, by its id."""

import time
from uuid import UUID, uuid4

from counterstep.protocol.ids import made_at
from uuid_utils.compat import uuid7


def test_a_uuid7_contains_the_time_it_was_made() -> None:
    before = time.time()
    made = made_at(uuid7())
    assert made is not None
    assert before - 0.001 <= made <= time.time()


def test_the_example_of_the_standard_is_read_as_it_says() -> None:
    assert made_at(UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")) == 1645557742.0


def test_a_random_id_contains_no_time() -> None:
    assert made_at(uuid4()) is None
