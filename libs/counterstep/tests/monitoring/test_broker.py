"""RabbitMQ as its management API sees it."""

from counterstep.monitoring.broker import view
from travel.topology import TRAVEL

NODE = {
    "name": "counterstep@localhost",
    "mem_used": 1,
    "mem_limit": 2,
    "mem_alarm": False,
    "disk_free": 3,
    "disk_free_limit": 4,
    "disk_free_alarm": True,
}


def test_a_node_that_has_not_measured_itself_yet_is_not_looked_at() -> None:
    assert view(TRAVEL, [{"name": "counterstep@localhost"}], [], []) is None
    assert view(TRAVEL, [], [], []) is None


def test_a_node_that_has_is() -> None:
    seen = view(
        TRAVEL, [NODE], [{"name": "trip.commands", "messages_ready": 2}], [{"user": "trip", "state": "blocked"}]
    )
    assert seen is not None
    assert (seen.node.memory_used, seen.node.disk_alarm) == (1, True)
    assert [(queue.name, queue.ready) for queue in seen.queues] == [("trip.commands", 2)]
    assert [connection.state for connection in seen.connections] == ["blocked"]
