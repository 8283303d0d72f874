"""A history becomes a conversation, with the messages in it."""

from uuid import UUID

from console.conversation import Payloads, conversation
from console.lanes import lanes
from counterstep.http.views.boxes import AnswerView
from counterstep.http.views.sagas import SagaMessage
from runs_told import BEGIN, REFUSED, SAGA, run

TOLD = [
    SagaMessage(message_id=UUID(int=0), type="order.order_placed.v2", body={"lines": []}),
    SagaMessage(message_id=UUID(int=1), type="inventory.reserve_stock.v1", body={"sku": "lamp"}),
]
ABOUT = {"saga_id": SAGA, "step": "reserve_stock", "body": {}, "answered_at": BEGIN}
ANSWERS = [
    AnswerView.model_validate({**ABOUT, "direction": "forward", "type": "inventory.stock_reserved.v1"}),
    AnswerView.model_validate({**ABOUT, "direction": "compensation", "type": "inventory.stock_released.v1"}),
]
RUN = run(REFUSED)
SERVICES = lanes(RUN, begun_by="order").services
SAID = list(conversation(RUN, SERVICES, Payloads.of(TOLD, ANSWERS)))
ORDER, ORCHESTRATOR, INVENTORY, PAYMENT = range(4)


def test_every_message_goes_from_who_said_it_to_who_heard_it() -> None:
    assert [(said.source, said.target) for said in SAID] == [
        (ORDER, ORCHESTRATOR),
        (ORCHESTRATOR, INVENTORY),
        (INVENTORY, ORCHESTRATOR),
        (ORCHESTRATOR, PAYMENT),
        (PAYMENT, ORCHESTRATOR),
        (ORCHESTRATOR, INVENTORY),
        (INVENTORY, ORCHESTRATOR),
        (ORCHESTRATOR, ORCHESTRATOR),
    ]


def test_a_message_is_called_by_its_name_and_shows_its_body() -> None:
    assert (SAID[1].words, SAID[1].body) == ("reserve stock", '{\n  "sku": "lamp"\n}')


def test_an_answer_is_found_by_what_it_answers() -> None:
    assert (SAID[2].words, SAID[6].words) == ("stock reserved", "stock released")


def test_a_message_that_is_not_to_be_had_is_told_of_all_the_same() -> None:
    assert (SAID[4].words, SAID[4].body, SAID[4].detail) == ("authorize payment refused", "", "no money")


def test_what_the_orchestrator_made_of_it_is_a_note() -> None:
    assert [said.words for said in SAID if said.is_note] == ["compensated"]
