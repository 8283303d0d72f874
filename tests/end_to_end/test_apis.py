"""Every operation of every service answers as its document says, to what that allows and to what it forbids."""

from typing import Any, TypeAlias

import schemathesis
from api_documents import FOLDER
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

Case: TypeAlias = schemathesis.Case[Any]

EXAMPLES = 1  # of chance, for each operation, beside those that its bounds suggest
OWN = {"POST /orders", "PUT /products/{sku}", "PUT /stock/{sku}", "PUT /accounts/{customer_id}"}
CONFIG: dict[str, Any] = {
    "generation": {"mode": "all", "max-examples": EXAMPLES, "deterministic": True, "no-shrink": True},
    "phases": {"coverage": {"unexpected-methods": ["PATCH"]}},
    "operations": [
        # No schema can express what is for sale, that a sku is in one line only, or that 2.0 is no whole number.
        {
            "include-name": sorted(OWN),
            "checks": {"positive_data_acceptance": {"expected-statuses": [200, 202, 422]}},
        },
        # Nobody but the service makes this cursor, which its pattern does not tell.
        {"include-name": "GET /inbox", "checks": {"positive_data_acceptance": {"expected-statuses": [200, 422]}}},
        # As everywhere, a parameter that is not known is ignored.
        {"include-method": "GET", "checks": {"negative_data_rejection": {"enabled": False}}},
    ],
}


def documented(service: str) -> BaseSchema:
    """The operations of a service, but for the one that would break the stack for the tests that come after."""
    config = SchemathesisConfig.from_dict(CONFIG)
    document = schemathesis.openapi.from_path(FOLDER / f"{service}.openapi.yaml", config=config)
    return document.exclude(method="POST", path="/faults")


SHARED = ["health", "metrics", "callers", "dead letters", "outbox", "inbox", "faults", "asyncapi"]
order, inventory, orchestrator = (
    documented(service).exclude(tag=SHARED) for service in ("order", "inventory", "orchestrator")
)
payment = documented("payment")  # with what all of them share


def answered_as_documented(stack: Stack, service: str, case: Case) -> None:
    """Ask it as an operator, who may do everything; whatever the answer breaks is raised."""
    bearer = f"Bearer {stack.token(Role.OPERATOR, 'tester')}"
    case.call_and_validate(base_url=stack.url(service), headers={"Authorization": bearer})


@order.parametrize()
def test_the_order_service_answers_as_its_document_says(case: Case, stack: Stack) -> None:
    answered_as_documented(stack, "order", case)


@inventory.parametrize()
def test_the_inventory_service_answers_as_its_document_says(case: Case, stack: Stack) -> None:
    answered_as_documented(stack, "inventory", case)


@payment.parametrize()
def test_the_payment_service_answers_as_its_document_says(case: Case, stack: Stack) -> None:
    answered_as_documented(stack, "payment", case)


@orchestrator.parametrize()
def test_the_orchestrator_answers_as_its_document_says(case: Case, stack: Stack) -> None:
    answered_as_documented(stack, "orchestrator", case)
