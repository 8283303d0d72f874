"""The topology as RabbitMQ's definitions."""

import re

import pytest
from counterstep.protocol.exchanges import CONTROL, CONTROL_LOG, SHARED_EXCHANGES, events_of
from counterstep.topology.rabbitmq import DELIVERY_LIMIT, Definition, definitions
from travel.topology import TRAVEL

USERS = dict.fromkeys([*TRAVEL.services, TRAVEL.watcher], "secret")
DEFINED = definitions(TRAVEL, USERS)


BREAKABLE = definitions(TRAVEL, USERS, faults=True)


def permission(user: str, defined: Definition = DEFINED) -> dict[str, str]:
    return next(each for each in defined["permissions"] if each["user"] == user)


def test_every_queue_is_a_durable_quorum_queue_and_control_is_kept_by_a_stream() -> None:
    kinds = {queue["name"]: queue["arguments"]["x-queue-type"] for queue in DEFINED["queues"]}
    assert all(queue["durable"] for queue in DEFINED["queues"])
    assert kinds.pop(CONTROL_LOG) == "stream"
    assert set(kinds.values()) == {"quorum"}


def test_nothing_is_dead_lettered_by_the_broker() -> None:
    settings = [
        *(each["definition"] for each in DEFINED["policies"]),
        *(each["arguments"] for each in DEFINED["queues"]),
    ]
    assert not [name for each in settings for name in each if "dead-letter" in name]
    assert {argument for each in DEFINED["exchanges"] for argument in each["arguments"]} == set()


def test_every_consumed_queue_refuses_what_is_too_much_and_drops_nothing() -> None:
    patterns = {policy["pattern"]: policy["definition"] for policy in DEFINED["policies"]}
    for queue in TRAVEL.consumed_queues():
        policy = patterns[f"^{re.escape(queue.name)}$"]
        assert policy["overflow"] == "reject-publish"
        assert policy["delivery-limit"] == DELIVERY_LIMIT


def test_an_outage_of_a_year_does_not_reach_the_delivery_limit_of_a_queue() -> None:
    every_second = 365 * 24 * 60 * 60  # far more often than any consumer timeout
    assert (
        min(each["definition"].get("delivery-limit", DELIVERY_LIMIT) for each in DEFINED["policies"])
        > every_second
    )


@pytest.mark.parametrize("defined", [DEFINED, BREAKABLE], ids=["without faults", "with faults"])
def test_no_service_may_configure_anything(defined: Definition) -> None:
    assert {each["configure"] for each in defined["permissions"]} == {"^$"}


def test_an_exchange_of_commands_or_events_has_one_writer() -> None:
    for exchange in TRAVEL.exchanges.keys() - SHARED_EXCHANGES.keys() | {"commands"}:
        writers = [name for name in TRAVEL.services if re.fullmatch(permission(name)["write"], exchange)]
        assert len(writers) == 1
        assert exchange in {"commands", events_of(writers[0])}


def test_no_exchange_is_filled_by_another() -> None:
    assert {each["destination_type"] for each in DEFINED["bindings"]} == {"queue"}
    assert {each["source"]: each["destination"] for each in DEFINED["bindings"]}[CONTROL] == CONTROL_LOG


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
    assert re.fullmatch(permission("trip")["write"], "events.trip")
    assert not re.fullmatch(permission("trip")["write"], "events.hotel")
    assert not re.fullmatch(permission("trip")["write"], "events")


def test_without_fault_switches_no_service_may_touch_control() -> None:
    for allowed in ("read", "write"):
        assert not re.fullmatch(permission("hotel")[allowed], "control")


def test_with_fault_switches_a_service_may_publish_on_control_and_read_its_stream_and_no_more() -> None:
    before, may = permission("hotel"), permission("hotel", BREAKABLE)
    names = [*TRAVEL.exchanges, *(queue["name"] for queue in DEFINED["queues"]), "amq.gen-b9Zc", "amq.topic"]
    for right, added in (("write", {CONTROL}), ("read", {CONTROL_LOG})):
        allowed, then = ({name for name in names if re.fullmatch(each[right], name)} for each in (before, may))
        assert then - allowed == added


def test_no_user_opens_connections_without_end_and_the_watcher_none() -> None:
    limits = {user["name"]: user["limits"] for user in DEFINED["users"]}
    assert limits.pop(TRAVEL.watcher) == {"max-connections": 0, "max-channels": 0}
    assert all(0 < each["max-connections"] <= each["max-channels"] for each in limits.values())


def test_no_password_is_shown_in_clear() -> None:
    assert "secret" not in str(DEFINED["users"])
