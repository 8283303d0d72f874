"""A message of a past version that is still on its way is read as the current version."""

from uuid import UUID

import pytest
from contracts.catalogue import Line
from contracts.money import Money
from contracts.order import OrderPlaced, RejectOrder
from contracts.past.order import REVIEWED_ABOVE
from contracts.past.order import OrderPlaced as FirstOrderPlaced
from contracts.topology import SHOP
from counterstep.protocol.messages import Command, Event, Past, Refusal, Reply
from counterstep.protocol.naming import type_name
from pydantic import ValidationError

ORDER_ID = "00000000-0000-4000-8000-000000000001"


def first(cost: int) -> FirstOrderPlaced:
    return FirstOrderPlaced.model_validate(
        {
            "order_id": ORDER_ID,
            "customer_id": "ada",
            "lines": (Line(sku="lamp", quantity=1),),
            "total": Money(amount=cost),
        }
    )


def test_both_versions_are_read_and_one_is_published() -> None:
    assert type_name(FirstOrderPlaced) == "order.order_placed.v1"
    assert SHOP.contracts.versions["order.order_placed.v1"] is FirstOrderPlaced
    assert "order.order_placed.v1" not in SHOP.contracts.catalogue
    assert SHOP.contracts.catalogue["order.order_placed.v2"] is OrderPlaced


@pytest.mark.parametrize("cost", [REVIEWED_ABOVE, REVIEWED_ABOVE + 1])
def test_an_order_of_the_first_version_is_reviewed_by_the_rule_of_then(cost: int) -> None:
    sent = first(cost)
    read = SHOP.contracts.readers["order.order_placed.v1"](sent.model_dump_json())
    assert read == OrderPlaced(**dict(sent), needs_review=cost > REVIEWED_ABOVE)


def test_a_body_of_the_second_version_is_none_of_the_first() -> None:
    with pytest.raises(ValidationError):
        SHOP.contracts.readers["order.order_placed.v2"](first(1).model_dump_json())


@pytest.mark.parametrize(
    ("past", "code"),
    [
        ("payment.payment_declined.v1", "unspecified"),
        ("inventory.stock_unavailable.v1", "unspecified"),
        ("order.order_declined.v1", "rejected_by_reviewer"),
    ],
)
def test_a_refusal_from_before_the_codes_gets_one_whatever_its_reason_says(past: str, code: str) -> None:
    read = SHOP.contracts.readers[past]('{"reason": "insufficient funds"}')
    assert isinstance(read, Refusal)
    assert (read.version, read.code, read.reason) == (2, code, "insufficient funds")


def test_a_rejection_from_before_the_codes_has_none_whatever_its_reason_says() -> None:
    read = SHOP.contracts.readers["order.reject_order.v1"]
    body = f'{{"order_id": "{ORDER_ID}", "reason": "insufficient funds", "cancelled": true}}'
    assert read(body) == RejectOrder(
        order_id=UUID(ORDER_ID), reason="insufficient funds", code=None, cancelled=True
    )
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        read(body.replace("}", ', "code": "insufficient_funds"}'))


def test_a_past_version_cannot_be_published() -> None:
    past = [message for message in SHOP.contracts.versions.values() if issubclass(message, Past)]
    assert not [message for message in past if issubclass(message, Event | Command | Reply)]
