"""A history becomes a sequence diagram with its messages."""

from uuid import UUID

from console.sagas.sequence import Payloads, sequence
from console.sagas.swim_lanes import swim_lanes
from counterstep.http.views.boxes import AnswerView
from counterstep.http.views.sagas import SagaMessage
from saga_details import BEGIN, REFUSED, SAGA, saga_detail

MESSAGES = [
    SagaMessage(message_id=UUID(int=0), type="order.order_placed.v2", body={"lines": []}),
    SagaMessage(message_id=UUID(int=1), type="inventory.reserve_stock.v1", body={"sku": "lamp"}),
]
COMMON = {"saga_id": SAGA, "step": "reserve_stock", "body": {}, "answered_at": BEGIN}
REPLIES = [
    AnswerView.model_validate({**COMMON, "direction": "forward", "type": "inventory.stock_reserved.v1"}),
    AnswerView.model_validate({**COMMON, "direction": "compensation", "type": "inventory.stock_released.v1"}),
]
DETAIL = saga_detail(REFUSED)
SERVICES = swim_lanes(DETAIL, started_by="order").services
ROWS = list(sequence(DETAIL, SERVICES, Payloads.of(MESSAGES, REPLIES)))
ORDER, ORCHESTRATOR, INVENTORY, PAYMENT = range(4)


def test_every_message_goes_from_its_sender_to_its_receiver() -> None:
    assert [(row.source, row.target) for row in ROWS] == [
        (ORDER, ORCHESTRATOR),
        (ORCHESTRATOR, INVENTORY),
        (INVENTORY, ORCHESTRATOR),
        (ORCHESTRATOR, PAYMENT),
        (PAYMENT, ORCHESTRATOR),
        (ORCHESTRATOR, INVENTORY),
        (INVENTORY, ORCHESTRATOR),
        (ORCHESTRATOR, ORCHESTRATOR),
    ]


def test_a_row_shows_the_name_and_the_body_of_its_message() -> None:
    assert (ROWS[1].label, ROWS[1].body) == ("reserve stock", '{\n  "sku": "lamp"\n}')


def test_a_reply_is_found_by_its_step_and_direction() -> None:
    assert (ROWS[2].label, ROWS[6].label) == ("stock reserved", "stock released")


def test_a_message_that_is_not_available_still_has_its_row() -> None:
    assert (ROWS[4].label, ROWS[4].body, ROWS[4].detail) == ("authorize payment refused", "", "no money")


def test_an_event_of_the_whole_saga_is_a_note() -> None:
    assert [row.label for row in ROWS if row.is_note] == ["compensated"]
