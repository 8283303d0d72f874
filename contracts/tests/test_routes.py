"""Which service sends what to which, by the topology and the contracts."""

import pytest
from contracts.inventory import ReserveStock, StockReserved, StockUnavailable
from contracts.order import CancellationRequested, OrderPlaced
from contracts.payment import PaymentVoided, VoidPayment
from contracts.topology import SHOP
from counterstep.protocol.answers import Abandoned, Accepted
from counterstep.protocol.messages import Message
from counterstep.topology.routes import consumed_by, published_by, replies_to, routes


def _is_ours(message: type[Message]) -> bool:
    """Tests in the same process may have made up messages of their own."""
    return message.__module__.startswith("contracts.")


def test_every_message_but_one_has_a_publisher_and_a_consumer() -> None:
    ours = [route for route in routes(SHOP) if _is_ours(route.message)]
    assert {route.message for route in ours} == {*filter(_is_ours, SHOP.contracts.catalogue.values())} - {Accepted}
    assert all(route.publishers and route.consumers for route in ours)


@pytest.mark.parametrize(
    ("message", "publishers", "consumers"),
    [
        (OrderPlaced, ("order",), ("orchestrator",)),
        (CancellationRequested, ("order",), ("orchestrator",)),
        (ReserveStock, ("orchestrator",), ("inventory",)),
        (StockReserved, ("inventory",), ("orchestrator",)),
    ],
)
def test_a_message_goes_where_the_bindings_take_it(
    message: type[Message], publishers: tuple[str, ...], consumers: tuple[str, ...]
) -> None:
    (route,) = [route for route in routes(SHOP) if route.message is message]
    assert (route.publishers, route.consumers) == (publishers, consumers)


def test_a_participant_publishes_its_own_replies_and_consumes_its_own_commands_only() -> None:
    assert {route.key for route in consumed_by(SHOP, "payment") if route.queues} == {
        "payment.authorize_payment",
        "payment.capture_payment",
        "payment.void_payment",
    }
    assert StockReserved not in {route.message for route in published_by(SHOP, "payment")}


def test_what_came_after_its_own_undo_is_answered_too_where_a_command_can_be_refused() -> None:
    assert replies_to(ReserveStock) == (StockReserved, StockUnavailable, Abandoned)
    assert replies_to(VoidPayment) == (PaymentVoided,)
