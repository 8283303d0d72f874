"""The module is the address."""

from typing import Never

import pytest
from contracts.order import OrderPlaced
from contracts.payment import AuthorizePayment, PaymentAuthorized, PaymentDeclined, PaymentVoided, VoidPayment
from contracts.topology import PARTICIPANTS, SHOP
from counterstep.protocol.messages import Command
from counterstep.protocol.naming import answers, owner, routing_key, type_name
from pydantic import ValidationError


def test_a_message_is_named_after_its_module_and_class() -> None:
    assert owner(AuthorizePayment) == "payment"
    assert routing_key(AuthorizePayment) == "payment.authorize_payment"
    assert type_name(AuthorizePayment) == "payment.authorize_payment.v1"


def test_every_message_is_found_by_its_name() -> None:
    assert all(type_name(message) == name for name, message in SHOP.contracts.catalogue.items())
    assert SHOP.contracts.catalogue["order.order_placed.v2"] is OrderPlaced


def test_the_five_words_themselves_are_no_messages() -> None:
    assert not [name for name in SHOP.contracts.catalogue if name.startswith("base.")]


def test_a_command_declares_its_answers() -> None:
    assert answers(AuthorizePayment) == (PaymentAuthorized, PaymentDeclined)
    success, refusal = answers(VoidPayment)
    assert success is PaymentVoided
    assert str(refusal) == str(Never)


def test_every_command_is_addressed_to_a_service_that_its_module_names() -> None:
    ours = [
        message for message in SHOP.contracts.catalogue.values() if message.__module__.startswith("contracts.")
    ]
    commands = [message for message in ours if issubclass(message, Command)]
    assert {owner(command) for command in commands} == set(PARTICIPANTS)


def test_a_command_takes_nothing_that_it_does_not_know_and_a_reply_ignores_it() -> None:
    with pytest.raises(ValidationError):
        VoidPayment.model_validate_json('{"order_id": "00000000-0000-0000-0000-000000000000", "mood": "good"}')
    assert PaymentVoided.model_validate_json('{"mood": "good"}') == PaymentVoided()
