"""The AsyncAPI documents: complete, and whole in themselves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from counterstep.topology.asyncapi import document
from counterstep.topology.routes import consumed_by, published_by
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft7Validator
from travel.contracts.hotel import BookHotel
from travel.topology import TRAVEL

SERVICES = sorted(TRAVEL.services)


def of(service: str) -> dict[str, Any]:
    return json.loads(json.dumps(document(TRAVEL, service, version="1", summary="")))  # type: ignore[no-any-return] # as readers get it


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for inside in part.values():
            yield from references(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from references(inside)


def at(content: Any, reference: str) -> Any:
    for name in reference.removeprefix("#/").split("/"):
        content = content[name]
    return content


@pytest.mark.parametrize("service", SERVICES)
def test_another_reader_of_the_specification_takes_it(service: str) -> None:
    content = of(service)
    for operation in content["operations"].values():
        operation["bindings"]["amqp"].setdefault("ack", False)  # this reader also wants it of what is sent
    assert ApplicationSchema.model_validate(content).channels


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_it_points_to_is_there(service: str) -> None:
    content = of(service)
    assert all(at(content, reference) for reference in references(content))


@pytest.mark.parametrize("service", SERVICES)
def test_all_that_goes_through_the_outbox_is_in_it(service: str) -> None:
    content = {message["title"] for message in of(service)["components"]["messages"].values()}
    assert content == {
        route.message.__name__ for route in (*published_by(TRAVEL, service), *consumed_by(TRAVEL, service))
    }


def test_a_command_stands_with_its_replies() -> None:
    operation = of("hotel")["operations"]["receive_book_hotel"]
    replies = [reference["$ref"].rpartition("/")[2] for reference in operation["reply"]["messages"]]
    assert operation["action"] == "receive"
    assert replies == ["hotel.booked.v1", "hotel.full.v1", "protocol.abandoned.v1"]


def test_a_message_is_what_its_schema_says() -> None:
    content = of("hotel")
    schema = {**content["components"]["schemas"]["BookHotel"], "components": content["components"]}
    message = BookHotel(trip="rome")
    validator = Draft7Validator(schema)
    assert validator.is_valid(message.model_dump(mode="json"))
    assert not validator.is_valid({**message.model_dump(mode="json"), "tip": 5})
