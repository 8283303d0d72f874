"""What may stand between the broker and a service's work; by default nothing does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from counterstep.messaging.consumer.batches import Consumer
from counterstep.messaging.consumer.broker_consumer import Receive
from counterstep.messaging.outbox.publisher import Permit, at_once


def _as_it_is(receive: Receive) -> Receive:
    return receive


def _itself(consumer: Consumer) -> Consumer:
    return consumer


@dataclass(frozen=True, slots=True)
class Middleware:
    """Around the receiving of a delivery, around the handling of a batch, and before each publish.

    `runs` are what it does besides, by name, for as long as the process lives.
    """

    receive: Callable[[Receive], Receive] = _as_it_is
    consumer: Callable[[Consumer], Consumer] = _itself
    permit: Permit = at_once
    runs: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
