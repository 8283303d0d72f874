"""The catalogue of messages, the operations of a service, and the layout of definitions."""

from console.catalogue.definitions import Definition
from console.catalogue.messages import entries
from console.catalogue.operations import operations_of
from contracts.topology import SHOP
from counterstep.http.views.sagas import SagaDescription, StepDescription
from counterstep.topology.asyncapi import document


def test_every_message_is_listed_with_its_kind() -> None:
    kinds = {type_: entry.kind for type_, entry in entries().items()}
    assert kinds["order.order_placed.v2"] == "event"
    assert kinds["payment.authorize_payment.v1"] == "command"
    assert kinds["payment.payment_authorized.v1"] == "reply"
    assert kinds["payment.payment_declined.v2"] == "refusal"


def test_a_command_and_its_replies_link_to_each_other() -> None:
    assert entries()["payment.void_payment.v1"].answers == ["payment.payment_voided.v1"]
    assert entries()["payment.payment_voided.v1"].answers_to == ["payment.void_payment.v1"]


def test_a_message_has_only_its_own_description() -> None:
    assert entries()["payment.payment_captured.v1"].says == "What was held is taken."
    assert entries()["payment.capture_payment.v1"].says is None


def test_an_operation_is_read_with_its_replies() -> None:
    operations = {
        operation.address: operation
        for operation in operations_of(document(SHOP, "inventory", version="1", summary=""))
    }
    assert operations["inventory.release_stock"].action == "receive"
    assert operations["inventory.release_stock"].replies == ("inventory.stock_released.v1",)
    assert operations["inventory.release_stock"].exchange == "commands"


def test_the_pivot_separates_compensatable_from_retriable_stages() -> None:
    step = StepDescription(command="a.b.v1", undo=None, within=1, retry=0, conditional=False, inputs=[])
    description = SagaDescription(
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
        saga="s", version=1, runs_left=0, description=description, state_diagram="", sequence_diagram=""
    )
    assert [stage.kind for stage in definition.stages] == ["compensatable", "pivot", "retriable"]
    assert list(definition.stages[0].steps) == ["one", "two"]
