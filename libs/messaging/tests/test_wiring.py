"""Who says what to whom, as the topology and the contracts have it."""

import pytest
from contracts.base import Message
from contracts.inventory import ReserveStock, StockReserved, StockUnavailable
from contracts.naming import catalogue
from contracts.order import CancellationRequested, OrderPlaced
from contracts.payment import PaymentVoided, VoidPayment
from contracts.protocol import Abandoned, Accepted
from messaging.wiring import heard_by, replies_to, routes, sent_by


def _is_ours(message: type[Message]) -> bool:
    """Tests in the same process may have made up messages of their own."""
    return message.__module__.startswith("contracts.")


def test_every_message_but_one_has_a_sender_and_a_hearer() -> None:
    ours = [route for route in routes() if _is_ours(route.message)]
    assert {route.message for route in ours} == {*filter(_is_ours, catalogue().values())} - {Accepted}
    assert all(route.senders and route.hearers for route in ours)


@pytest.mark.parametrize(
    ("message", "senders", "hearers"),
    [
        (OrderPlaced, ("order",), ("orchestrator",)),
        (CancellationRequested, ("order",), ("orchestrator",)),
        (ReserveStock, ("orchestrator",), ("inventory",)),
        (StockReserved, ("inventory",), ("orchestrator",)),
    ],
)
def test_a_message_goes_where_the_bindings_take_it(
    message: type[Message], senders: tuple[str, ...], hearers: tuple[str, ...]
) -> None:
    (route,) = [route for route in routes() if route.message is message]
    assert (route.senders, route.hearers) == (senders, hearers)


def test_a_participant_says_its_own_answers_and_hears_its_own_commands_only() -> None:
    assert {route.key for route in heard_by("payment") if route.queues} == {
        "payment.authorize_payment",
        "payment.capture_payment",
        "payment.void_payment",
    }
    assert StockReserved not in {route.message for route in sent_by("payment")}


def test_what_came_after_its_own_undo_is_answered_too_where_a_command_can_be_refused() -> None:
    assert replies_to(ReserveStock) == (StockReserved, StockUnavailable, Abandoned)
    assert replies_to(VoidPayment) == (PaymentVoided,)
