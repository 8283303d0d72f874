"""A customer reads their own instances, and nothing of what operators wrote."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from counterstep.http.roles import Caller, Role
from counterstep.orchestration.api.ownership import BY_AN_OPERATOR, for_owner, may_see, owner_of
from counterstep.orchestration.api.views import ActView, Detail, HistoryEntryView
from counterstep.orchestration.instances import Definitions
from counterstep.orchestration.model import Act, InstanceRow
from counterstep.protocol.answers import Direction
from counterstep.saga.registry import Registry
from counterstep.saga.transition import HistoryEvent
from counterstep.telemetry import Links
from travel.sagas import BOOK_TRIP, trip
from travel.topology import TRAVEL
from uuid_utils.compat import uuid7

NOW = datetime.now(UTC)
NOTE = "he has called five times; his balance is 500"
ACT = ActView(act_id=uuid7(), at=NOW, operator="root", act=Act.RETRY, saga_id=uuid7(), reason=NOTE)
OWNED = Definitions(Registry([replace(BOOK_TRIP, owner=trip)]), TRAVEL.contracts)
NOBODYS = Definitions(Registry([BOOK_TRIP]), TRAVEL.contracts)
ROME, TOKYO = Caller("rome", Role.CUSTOMER), Caller("tokyo", Role.CUSTOMER)


def instance(**changes: Any) -> InstanceRow:
    """An instance that belongs to `rome`."""
    row: dict[str, Any] = {
        "saga_id": ACT.saga_id,
        "saga": "book_trip",
        "version": 1,
        "key": "rome",
        "start_type": "trip.trip_wanted.v2",
        "start": b'{"trip": "rome", "far": false}',
        "steps": {},
        "replies": {},
        "status": "compensated",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "revision": 3,
        "started_at": NOW,
        "ended_at": NOW,
    }
    return InstanceRow(**(row | changes))


def entry(event: HistoryEvent, detail: str | None, *, by: ActView | None = None) -> HistoryEntryView:
    direction: Direction = "forward"
    return HistoryEntryView(
        at=NOW,
        step="book_trip",
        direction=direction,
        attempt=1,
        event=event,
        message_id=by.act_id if by else uuid7(),
        detail=detail,
        code=None,
    )


def detail(row: InstanceRow, *history: HistoryEntryView, acts: tuple[ActView, ...] = ()) -> Detail:
    return Detail.of(row, Links("http://traces"), awaited=[], history=list(history), acts=list(acts))


def test_an_instance_is_seen_by_its_owner_and_by_those_who_see_all() -> None:
    row = instance()
    assert owner_of(row, OWNED) == "rome"
    assert may_see(ROME, row, OWNED)
    assert may_see(Caller("root", Role.OPERATOR), row, OWNED)
    assert may_see(Caller("console", Role.VIEWER), row, OWNED)


def test_another_customer_does_not_see_it() -> None:
    assert not may_see(TOKYO, instance(), OWNED)


def test_without_an_owner_no_customer_sees_it() -> None:
    assert not may_see(ROME, instance(), NOBODYS)
    assert may_see(Caller("root", Role.OPERATOR), instance(), NOBODYS)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 9},
        {"saga": "another"},
        {"start_type": "trip.trip_wanted.v9"},
        {"start": b"{}"},
        {"start": b"\xff"},
    ],
)
def test_an_instance_that_this_release_cannot_read_is_nobody_s(changes: dict[str, Any]) -> None:
    assert owner_of(instance(**changes), OWNED) is None
    assert not may_see(ROME, instance(**changes), OWNED)


def test_an_owner_reads_nothing_that_an_operator_wrote() -> None:
    row = instance(cause="operator", reason=NOTE)
    told = detail(
        row,
        entry(HistoryEvent.RESENT, NOTE, by=ACT),
        entry(HistoryEvent.IGNORED, f"operator, too late: {NOTE}", by=ACT),
        entry(HistoryEvent.ABORTED, NOTE, by=ACT),
        entry(HistoryEvent.COMPENSATED, NOTE),
        acts=(ACT,),
    )
    assert NOTE in told.model_dump_json()
    shown = for_owner(told, row)
    assert NOTE not in shown.model_dump_json()
    assert shown.reason == BY_AN_OPERATOR
    assert [each.event for each in shown.history] == [each.event for each in told.history]
    assert shown.acts == ()


def test_an_owner_reads_why_their_own_instance_was_refused() -> None:
    row = instance(cause="refused", reason="no money", code="insufficient_funds")
    shown = for_owner(detail(row, entry(HistoryEvent.COMPENSATED, "no money")), row)
    assert (shown.reason, shown.code, shown.history[0].detail) == ("no money", "insufficient_funds", "no money")


def test_an_owner_gets_no_link_to_a_page_that_asks_nobody_for_a_token() -> None:
    row = instance()
    told = detail(row)
    assert told.trace_url
    shown = for_owner(told, row)
    assert (shown.trace_id, shown.trace_url) == (None, None)
