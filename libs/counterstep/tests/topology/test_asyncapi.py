"""The AsyncAPI documents: complete, and whole in themselves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from contracts.money import Money
from contracts.payment import AuthorizePayment
from contracts.topology import SHOP
from counterstep.topology.asyncapi import document
from counterstep.topology.routes import consumed_by, published_by
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft7Validator
from uuid_utils.compat import uuid7

SERVICES = sorted(SHOP.services)


def of(service: str) -> dict[str, Any]:
    return json.loads(json.dumps(document(SHOP, service, version="1", summary="")))  # type: ignore[no-any-return] # as readers get it


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for inside in part.values():
            yield from references(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from references(inside)


def at(said: Any, reference: str) -> Any:
    for name in reference.removeprefix("#/").split("/"):
        said = said[name]
    return said


@pytest.mark.parametrize("service", SERVICES)
def test_another_reader_of_the_specification_takes_it(service: str) -> None:
    said = of(service)
    for operation in said["operations"].values():
        operation["bindings"]["amqp"].setdefault("ack", False)  # this reader also wants it of what is sent
    assert ApplicationSchema.model_validate(said).channels


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_it_points_to_is_there(service: str) -> None:
    said = of(service)
    assert all(at(said, reference) for reference in references(said))


@pytest.mark.parametrize("service", SERVICES)
def test_all_that_goes_through_the_outbox_is_in_it(service: str) -> None:
    said = {message["title"] for message in of(service)["components"]["messages"].values()}
    assert said == {
        route.message.__name__ for route in (*published_by(SHOP, service), *consumed_by(SHOP, service))
    }


def test_a_command_stands_with_its_replies() -> None:
    operation = of("payment")["operations"]["receive_authorize_payment"]
    replies = [reference["$ref"].rpartition("/")[2] for reference in operation["reply"]["messages"]]
    assert operation["action"] == "receive"
    assert replies == ["payment.payment_authorized.v1", "payment.payment_declined.v2", "protocol.abandoned.v1"]


def test_a_message_is_what_its_schema_says() -> None:
    said = of("payment")
    schema = {**said["components"]["schemas"]["AuthorizePayment"], "components": said["components"]}
    message = AuthorizePayment(order_id=uuid7(), customer_id="ada", amount=Money(amount=1))
    validator = Draft7Validator(schema)
    assert validator.is_valid(message.model_dump(mode="json"))
    assert not validator.is_valid({**message.model_dump(mode="json"), "tip": 5})
