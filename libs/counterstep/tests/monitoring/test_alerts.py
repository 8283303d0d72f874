from pathlib import Path
from typing import Any

import pytest
from counterstep.http.views.boxes import OutboxView
from counterstep.monitoring.alerts import alerts, alerts_of_forgeries, alerts_of_letters, alerts_of_outboxes
from counterstep.monitoring.broker import BrokerView, with_retries

CHECKOUT = Path(__file__).parents[4]
NODE = {
    "mem_used": 100_000_000,
    "mem_limit": 1_000_000_000,
    "mem_alarm": False,
    "disk_free": 10_000_000_000,
    "disk_free_limit": 50_000_000,
    "disk_free_alarm": False,
}
QUEUE = {"name": "hotel.commands", "messages_ready": 3, "messages_unacknowledged": 2, "consumers": 1}
CONNECTION = {"user": "hotel", "client_properties": {"connection_name": "hotel relay"}, "state": "running"}


def view(queue: dict[str, Any], node: dict[str, Any], connection: dict[str, Any]) -> BrokerView:
    return BrokerView.model_validate(
        {"queues": [{**QUEUE, **queue}], "node": {**NODE, **node}, "connections": [{**CONNECTION, **connection}]}
    )


def test_a_healthy_broker_raises_none() -> None:
    assert not alerts(view({}, {}, {}), ready=())


def test_a_service_that_is_ready_is_believed_over_older_figures() -> None:
    assert not alerts(view({"consumers": 0}, {}, {}), ready={"hotel"})


@pytest.mark.parametrize(
    ("queue", "node", "connection", "what", "page"),
    [
        ({"consumers": 0}, {}, {}, "nobody consumes hotel.commands", "no-consumer"),
        ({"messages_ready": 1_001}, {}, {}, "1001 messages wait in hotel.commands", "queue-depth"),
        (
            {"message_stats": {"redeliver": 900, "redeliver_details": {"rate": 30.0}}},
            {},
            {},
            "hotel.commands delivers 30 messages a second again",
            "redeliveries",
        ),
        ({}, {"mem_used": 900_000_000}, {}, "the broker uses 900.0 MB of the 1.0 GB that it may", "alarms"),
        ({}, {"mem_alarm": True}, {}, "memory alarm, nobody can publish", "alarms"),
        ({}, {"disk_free": 60_000_000}, {}, "disk has 60.0 MB left and must keep 50.0 MB", "alarms"),
        ({}, {"disk_free_alarm": True}, {}, "disk alarm, nobody can publish", "alarms"),
        ({}, {}, {"state": "blocked"}, "hotel relay is blocked", "blocked-connection"),
    ],
)
def test_each_trouble_raises_one_alert_with_its_runbook(
    queue: dict[str, Any], node: dict[str, Any], connection: dict[str, Any], what: str, page: str
) -> None:
    [alert] = alerts(view(queue, node, connection), ready=())
    assert what in alert.what
    assert alert.runbook == f"docs/runbooks/{page}.md"
    assert (CHECKOUT / alert.runbook).exists()


def test_waiting_dead_letters_are_counted_by_service() -> None:
    [alert] = alerts_of_letters({"trip": 0, "hotel": 2})
    assert alert.what == "hotel has dead letters: 2"


def test_forged_messages_are_counted_by_service_and_have_a_runbook_of_their_own() -> None:
    [alert] = alerts_of_forgeries({"trip": 0, "hotel": 2})
    assert alert.what == "hotel was sent forged messages: 2"
    assert (CHECKOUT / alert.runbook).exists()


def test_a_queue_is_shown_with_all_that_waits_for_its_next_try() -> None:
    [queue] = with_retries(view({}, {}, {}), {"hotel.commands": 6, "trip.commands": 1}).queues
    assert (queue.name, queue.ready, queue.unacked, queue.resting) == ("hotel.commands", 3, 2, 6)


def test_an_outbox_that_drains_raises_none() -> None:
    assert not alerts_of_outboxes({"trip": OutboxView(waiting=7, oldest_seconds=2.0, refused=0)})


def test_messages_in_quarantine_are_named_with_their_service() -> None:
    [alert] = alerts_of_outboxes({"trip": OutboxView(waiting=0, oldest_seconds=0.0, refused=0, quarantined=2)})
    assert alert.what == "trip has messages in quarantine: 2"
    assert (CHECKOUT / alert.runbook).exists()


def test_messages_that_the_broker_would_not_take_and_those_that_wait_long_are_named() -> None:
    stuck = alerts_of_outboxes({"trip": OutboxView(waiting=7, oldest_seconds=95.0, refused=1)})
    assert [alert.what for alert in stuck] == [
        "messages of trip that the broker would not take: 1",
        "7 messages of trip wait in its outbox, for 95 s",
    ]
    assert all((CHECKOUT / alert.runbook).exists() for alert in stuck)
