"""Saga instances for tests, in the form of the orchestrator's API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from counterstep.http.views.sagas import SagaDetail, SagaHistoryEntry

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
SAGA = UUID(int=7)

Row = tuple[str, str, str, int, str | None]
"""Event, step, direction, attempt, detail."""


def history_of(rows: list[Row]) -> tuple[SagaHistoryEntry, ...]:
    """A history with a second between any two rows; the id of each message is its row's number."""
    return tuple(
        SagaHistoryEntry.model_validate(
            {
                "at": BEGIN + timedelta(seconds=number),
                "step": step,
                "direction": direction,
                "attempt": attempt,
                "event": event,
                "message_id": None if event in {"turned_back", "completed", "compensated"} else UUID(int=number),
                "detail": detail,
            }
        )
        for number, (event, step, direction, attempt, detail) in enumerate(rows)
    )


def saga_detail(rows: list[Row], **more: Any) -> SagaDetail:
    """A saga instance with this history."""
    fields: dict[str, Any] = {
        "saga_id": SAGA,
        "saga": "place_order",
        "version": 1,
        "key": "an order",
        "status": "running",
        "reason": None,
        "trace_id": None,
        "trace_url": None,
        "started_at": BEGIN,
        "ended_at": None,
        "awaited": (),
        "history": history_of(rows),
        "acts": (),
    }
    return SagaDetail.model_validate(fields | more)


REFUSED: list[Row] = [
    ("started", "place_order", "forward", 1, None),
    ("asked", "reserve_stock", "forward", 1, "inventory.reserve_stock"),
    ("succeeded", "reserve_stock", "forward", 1, None),
    ("asked", "authorize_payment", "forward", 1, "payment.authorize_payment"),
    ("refused", "authorize_payment", "forward", 1, "no money"),
    ("asked", "reserve_stock", "compensation", 1, "inventory.release_stock"),
    ("succeeded", "reserve_stock", "compensation", 1, None),
    ("compensated", "place_order", "compensation", 1, None),
]
"""Payment refuses, and the stock is released."""

RETRIED: list[Row] = [
    ("started", "place_order", "forward", 1, None),
    ("asked", "review_order", "forward", 1, "order.review_order"),
    ("nudged", "review_order", "forward", 1, "somebody is impatient"),
    ("asked", "review_order", "forward", 2, "order.review_order"),
    ("turned_back", "place_order", "compensation", 1, "called back"),
    ("asked", "review_order", "compensation", 1, "order.withdraw_review"),
]
"""A command is sent twice, gets no reply, and the saga is cancelled."""
