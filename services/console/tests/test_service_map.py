"""The service map: what is drawn of whom, and where."""

import re

import pytest
from console.overview.figures import Figures
from console.overview.service_map import HEIGHT, WIDTH, service_map
from console.overview.window import Snapshot, Window
from contracts.topology import SERVICES, SHOP
from counterstep.monitoring.broker import BrokerView

PUBLISHED = 'messaging_publishes_total{{exchange="events.order",outcome="confirmed"}} {}\n'
BROKER = BrokerView.model_validate(
    {
        "node": {
            "mem_used": 1,
            "mem_limit": 10,
            "mem_alarm": False,
            "disk_free": 100,
            "disk_free_limit": 1,
            "disk_free_alarm": False,
        },
        "queues": [
            {"name": "payment.commands", "messages_ready": 3, "messages_unacknowledged": 4, "consumers": 0}
        ],
        "connections": [],
    }
)


def snapshot(at: float, events: int) -> Snapshot:
    return Snapshot(at, {"order": Figures.of(PUBLISHED.format(events))}, BROKER, missing={})


def drawn(events: int = 0, **missing: str) -> Window:
    return Window(snapshot(0.0, 0), snapshot(10.0, events), missing)


def test_every_service_exchange_and_queue_is_drawn_once_inside_of_the_picture() -> None:
    boxes = service_map(drawn()).boxes
    queues = [queue.name for queue in SHOP.consumed_queues()]
    assert [box.name for box in boxes if box.kind == "service"] == list(SERVICES)
    assert {box.name for box in boxes if box.kind == "queue"} == {*queues}
    assert {box.name for box in boxes if box.kind == "exchange"} == {"commands", "events.order", "replies"}
    assert len({box.name for box in boxes}) == len(boxes) == len(SERVICES) + len(queues) + 3
    assert all(0 <= box.x <= WIDTH - box.width and 0 <= box.y <= HEIGHT - box.height for box in boxes)


def test_no_two_boxes_overlap() -> None:
    boxes = service_map(drawn()).boxes
    for one in boxes:
        for other in boxes:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            above = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert one is other or beside or above, (one.name, other.name)


def test_a_line_goes_the_way_of_its_messages() -> None:
    for line in service_map(drawn()).lines:
        ends = re.fullmatch(r"M(\d+) .*?(?:H(\d+)| (\d+) \d+)", line.path)
        assert ends
        start, *end = (int(x) for x in ends.groups() if x)
        assert (end[0] > start) == (line.flow.target in {"events.order", "replies", "orchestrator"})


@pytest.mark.parametrize(("events", "pace"), [(0, 0), (5, 1), (50, 2), (500, 3), (5_000, 4)])
def test_the_more_flows_the_faster_it_moves(events: int, pace: int) -> None:
    line = next(line for line in service_map(drawn(events)).lines if line.flow.target == "events.order")
    assert line.flow.rate == events / 10
    assert line.pace == pace


def test_what_is_not_known_stands_still() -> None:
    line = next(line for line in service_map(drawn()).lines if line.flow.target == "commands")
    assert (line.flow.rate, line.pace) == (None, 0)


def test_who_is_missing_and_what_nobody_consumes_stand_out() -> None:
    boxes = {box.name: box for box in service_map(drawn(order="it is not ready")).boxes}
    assert (boxes["order"].label, boxes["order"].alarming) == ("not ready", True)
    assert (boxes["payment.commands"].label, boxes["payment.commands"].alarming) == ("7", True)
    assert (boxes["order.commands"].label, boxes["order.commands"].alarming) == ("?", False)
