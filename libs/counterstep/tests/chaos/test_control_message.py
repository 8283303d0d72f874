"""Who may say something on `control`, and what."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from aio_pika.abc import AbstractIncomingMessage
from counterstep.chaos.control_message import LARGEST, RefusedError, read
from counterstep.protocol.control import LONGEST, Faults, RecallFaults, SwitchFaults
from counterstep.protocol.naming import type_name
from travel.topology import TRAVEL

NOW = datetime.now(UTC)
SWITCH = SwitchFaults(
    services=("hotel",),
    faults=Faults(silent=True),
    switched_at=NOW,
    ends_at=NOW + timedelta(minutes=1),
    by="grace",
    reason="to see it",
)
TOO_LONG = SWITCH.model_copy(update={"ends_at": NOW + LONGEST + timedelta(seconds=1)})


class Said:
    """What is read of a delivered message."""

    def __init__(
        self, body: bytes, kind: str | None = type_name(SwitchFaults), sender: str | None = "trip"
    ) -> None:
        self.body, self.type, self.user_id = body, kind, sender


def read_by_hotel(said: Said) -> SwitchFaults | RecallFaults:
    return read(cast(AbstractIncomingMessage, said), TRAVEL.services)


def test_a_service_may_switch_and_recall() -> None:
    assert read_by_hotel(Said(SWITCH.model_dump_json().encode())) == SWITCH
    assert read_by_hotel(Said(b"{}", type_name(RecallFaults))) == RecallFaults()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Said(SWITCH.model_dump_json().encode(), sender=None), "no service"),
        (Said(SWITCH.model_dump_json().encode(), sender="admin"), "no service"),
        (Said(b" " * LARGEST + SWITCH.model_dump_json().encode()), "bytes long"),
        (Said(SWITCH.model_dump_json().encode(), kind=None), "type"),
        (Said(b"\xff"), "json_invalid"),
        (Said(TOO_LONG.model_dump_json().encode()), "ends by itself"),
    ],
)
def test_what_does_not_count_is_refused_with_its_reason(said: Said, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        read_by_hotel(said)
