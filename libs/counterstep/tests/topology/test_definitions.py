"""The topology as RabbitMQ's definitions."""

import re

from counterstep.protocol.exchanges import RETRY_DELAYS
from counterstep.topology.rabbitmq import Definition, definitions
from travel.topology import TRAVEL

USERS = dict.fromkeys([*TRAVEL.services, TRAVEL.watcher], "secret")
DEFINED = definitions(TRAVEL, USERS)


BREAKABLE = definitions(TRAVEL, USERS, faults=True)


def permission(user: str, defined: Definition = DEFINED) -> dict[str, str]:
    return next(each for each in defined["permissions"] if each["user"] == user)


def test_every_queue_is_a_durable_quorum_queue() -> None:
    assert all(queue["durable"] and queue["arguments"]["x-queue-type"] == "quorum" for queue in DEFINED["queues"])


def test_every_consumed_queue_has_its_retry_queues_and_its_dead_letters() -> None:
    names = {queue["name"] for queue in DEFINED["queues"]}
    for queue in TRAVEL.consumed_queues():
        assert {f"{queue.name}.retry.{delay}" for delay in RETRY_DELAYS} <= names
    assert {f"{service}.dead_letters" for service in TRAVEL.services} <= names


def test_every_consumed_queue_dead_letters_safely() -> None:
    patterns = {policy["pattern"]: policy["definition"] for policy in DEFINED["policies"]}
    for queue in TRAVEL.consumed_queues():
        policy = patterns[f"^{re.escape(queue.name)}$"]
        assert policy["dead-letter-strategy"] == "at-least-once"
        assert policy["overflow"] == "reject-publish"
        assert policy["delivery-limit"] > 0


def test_no_service_may_configure_anything() -> None:
    assert {each["configure"] for each in DEFINED["permissions"]} == {"^$"}


def test_only_the_watcher_sees_the_management_api_and_it_may_touch_nothing() -> None:
    assert [user["name"] for user in DEFINED["users"] if user["tags"]] == [TRAVEL.watcher]
    assert {permission(TRAVEL.watcher)[deed] for deed in ("configure", "write", "read")} == {"^$"}


def test_a_service_may_read_its_own_queues_only() -> None:
    assert re.fullmatch(permission("hotel")["read"], "hotel.commands")
    assert not re.fullmatch(permission("hotel")["read"], "trip.commands")


def test_a_participant_may_answer_but_not_command() -> None:
    assert re.fullmatch(permission("hotel")["write"], "replies")
    assert not re.fullmatch(permission("hotel")["write"], "commands")
    assert not re.fullmatch(permission("hotel")["write"], "amq.default")


def test_a_service_may_publish_its_own_events_only() -> None:
    (events,) = [
        each for each in DEFINED["topic_permissions"] if (each["user"], each["exchange"]) == ("trip", "events")
    ]
    assert re.match(events["write"], "trip.trip_wanted")
    assert not re.match(events["write"], "hotel.booked")


def test_without_fault_switches_no_service_may_touch_control() -> None:
    for allowed in ("read", "write"):
        assert not re.fullmatch(permission("hotel")[allowed], "control")


def test_with_fault_switches_a_service_may_consume_and_publish_on_control_and_no_more() -> None:
    may = permission("hotel", BREAKABLE)
    for allowed in ("configure", "read", "write"):
        assert re.fullmatch(may[allowed], "amq.gen-b9Zc")
        assert bool(re.fullmatch(may[allowed], "control")) is (allowed != "configure")
        assert not re.fullmatch(may[allowed], "events")
        assert not re.fullmatch(may[allowed], "trip.commands")


def test_no_password_is_shown_in_clear() -> None:
    assert "secret" not in str(DEFINED["users"])
