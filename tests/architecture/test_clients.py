"""The clients send only requests that the services' HTTP APIs offer, and read every answer."""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args
from uuid import UUID

import pytest
import yaml
from api_documents import FOLDER
from contracts.money import Money
from counterstep.client import Page, Request, boxes, dead_letters, faults, operations, sagas
from counterstep.protocol.control import Faults
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from shop_client import NewOrder, Product, accounts, catalogue, orders, reviews, stock

ID: Final = UUID(int=1)
CLOSED: Final = Faults(silent=True)

REQUESTS: Final[tuple[tuple[str, Request[Any]], ...]] = (
    ("orchestrator", sagas.browse(status="running", saga="a", key="b", ids=[ID])),
    ("orchestrator", sagas.read(ID)),
    ("orchestrator", sagas.messages(ID)),
    ("orchestrator", sagas.act(ID, "retry", "why")),
    ("orchestrator", sagas.act(ID, "compensate", "why")),
    ("orchestrator", sagas.definitions()),
    ("payment", dead_letters.browse("waiting", cursor="A" * 22)),
    ("payment", dead_letters.read(ID)),
    ("payment", dead_letters.settle(ID, "replay", "why")),
    ("payment", dead_letters.settle(ID, "discard", "why")),
    ("payment", dead_letters.replay_many(message_type="a", limit=1, reason="why")),
    ("payment", boxes.outbox()),
    ("payment", boxes.outbox_messages()),
    ("payment", boxes.inbox(saga_id=ID)),
    ("payment", faults.read()),
    ("payment", faults.switch_on(["payment"], CLOSED, seconds=1, reason="why")),
    ("payment", faults.switch_off()),
    ("payment", operations.caller()),
    ("payment", operations.readiness()),
    ("payment", operations.asyncapi()),
    ("order", orders.place(NewOrder.of("ada", {"lamp": 1}), key="key")),
    ("order", orders.read(ID)),
    ("order", orders.browse(status="pending", customer_id="ada")),
    ("order", orders.cancel(ID, reason="why")),
    ("order", catalogue.browse()),
    ("order", catalogue.read("lamp")),
    ("order", catalogue.put(Product(sku="lamp", name="Lamp", price=Money(amount=1, currency="EUR")))),
    ("order", reviews.browse()),
    ("order", reviews.browse(status="approved")),
    ("order", reviews.waiting()),
    ("order", reviews.approve(ID)),
    ("order", reviews.approve(ID, reason="why")),
    ("order", reviews.reject(ID, reason="why")),
    ("inventory", stock.read("lamp")),
    ("inventory", stock.put("lamp", on_hand=1)),
    ("payment", accounts.read("ada")),
    ("payment", accounts.put("ada", available=1)),
)


def _named(case: object) -> str | None:
    return f"{case.method} {case.path}" if isinstance(case, Request) else None


@pytest.mark.parametrize(("service", "request_"), REQUESTS, ids=_named)
def test_a_request_is_one_that_the_service_s_api_describes(service: str, request_: Request[Any]) -> None:
    document = yaml.safe_load((FOLDER / f"{service}.openapi.yaml").read_text())
    operation = _operation(document, request_)
    known = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
    assert request_.parameters.keys() <= known
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = request_.json
        Draft202012Validator({**document, **schema}).validate(body)
    else:
        assert request_.body is None
    _check_answer(document, operation, request_.answer)


def _operation(document: Mapping[str, Any], request: Request[Any]) -> dict[str, Any]:
    """The operation of this request: a path without parameters wins over one with."""
    found = [
        methods[request.method.lower()]
        for path, methods in sorted(document["paths"].items(), key=lambda each: each[0].count("{"))
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.path) and request.method.lower() in methods
    ]
    assert found, f"no {request.method} {request.path} in the document"
    operation: dict[str, Any] = found[0]
    return operation


def _check_answer(document: Mapping[str, Any], operation: Mapping[str, Any], answer: Any) -> None:
    """Every field that the client requires is one that the service always sends."""
    success = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    schema = _resolved(document, success["content"]["application/json"]["schema"])
    if schema.get("type") == "array":
        schema, (answer,) = _resolved(document, schema["items"]), get_args(answer)
    elif isinstance(answer, type) and issubclass(answer, Page):
        schema = _resolved(document, schema["properties"]["items"]["items"])
        answer = answer.model_fields["items"].annotation
        (answer,) = get_args(answer)
    if isinstance(answer, type) and issubclass(answer, BaseModel):
        required = {name for name, field in answer.model_fields.items() if field.is_required()}
        assert required <= set(schema["required"])


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, where this one points to it."""
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = document["components"]["schemas"][name]
    return schema
