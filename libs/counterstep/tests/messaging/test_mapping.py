"""Which rows a handler can be given."""

import pytest
from counterstep.messaging.consumer.dead_letters import DeadLetter
from counterstep.messaging.database.mapping import mapping_of


def test_a_row_with_a_column_of_bytes_is_refused_with_its_reason() -> None:
    with pytest.raises(TypeError, match="DeadLetter has a column of bytes"):
        mapping_of(DeadLetter)
