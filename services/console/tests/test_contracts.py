"""The catalogue of messages, the services' conversations, and definitions laid out."""

from console.catalogue.definitions import Definition
from console.catalogue.messages import entries
from console.catalogue.talk import talks
from contracts.topology import SHOP
from counterstep.http.views.sagas import SagaDescription, StepDescription
from counterstep.topology.asyncapi import document


def test_every_message_stands_once_with_its_kind() -> None:
    kinds = {type_: entry.kind for type_, entry in entries().items()}
    assert kinds["order.order_placed.v2"] == "event"
    assert kinds["payment.authorize_payment.v1"] == "command"
    assert kinds["payment.payment_authorized.v1"] == "reply"
    assert kinds["payment.payment_declined.v2"] == "refusal"


def test_a_command_and_its_answers_point_to_one_another() -> None:
    assert entries()["payment.void_payment.v1"].answers == ["payment.payment_voided.v1"]
    assert entries()["payment.payment_voided.v1"].answers_to == ["payment.void_payment.v1"]


def test_a_message_is_described_in_its_own_words_only() -> None:
    assert entries()["payment.payment_captured.v1"].says == "What was held is taken."
    assert entries()["payment.capture_payment.v1"].says is None


def test_a_conversation_is_read_with_its_replies() -> None:
    told = {talk.address: talk for talk in talks(document(SHOP, "inventory", version="1", summary=""))}
    assert told["inventory.release_stock"].action == "receive"
    assert told["inventory.release_stock"].replies == ("inventory.stock_released.v1",)
    assert told["{queue}.{delay}"].exchange == "retry"


def test_the_pivot_parts_what_can_be_undone_from_what_is_done_in_any_case() -> None:
    step = StepDescription(command="a.b.v1", undo=None, within=1, retry=0, conditional=False, inputs=[])
    said = SagaDescription(
        name="s",
        version=1,
        starts_on="a.a",
        cancelled_by=None,
        stages=[["one", "two"], ["pay"], ["end"]],
        pivot="pay",
        retriable=["end"],
        steps=dict.fromkeys(["one", "two", "pay", "end"], step),
        undo="a.c.v1",
        undo_within=1,
    )
    definition = Definition(
        saga="s", version=1, runs_left=0, description=said, state_diagram="", sequence_diagram=""
    )
    assert [stage.kind for stage in definition.stages] == ["compensatable", "pivot", "retriable"]
    assert list(definition.stages[0].steps) == ["one", "two"]
