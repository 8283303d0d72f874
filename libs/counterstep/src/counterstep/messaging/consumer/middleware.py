"""The seam where a plug-in, such as fault injection, stands between the broker and a service's work.

By default nothing stands there.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from counterstep.messaging.consumer.broker_consumer import Receive
from counterstep.messaging.consumer.consuming import Consumer, Work
from counterstep.messaging.outbox.publisher import Permit, at_once


def _unchanged(receive: Receive) -> Receive:
    return receive


def _its_own(consumer: Consumer) -> Work:
    return consumer.work


@dataclass(frozen=True, slots=True)
class Middleware:
    """What stands around the receiving of a delivery, around the handling of a batch, and before each publish.

    `receive` wraps what takes a delivery over. `work` gives what handles a consumer's batches; it should call
    `consumer.work` for all that it does not handle itself. `permit` is awaited before each publish. `background`
    holds tasks by name, which live as long as the process.
    """

    receive: Callable[[Receive], Receive] = _unchanged
    work: Callable[[Consumer], Work] = _its_own
    permit: Permit = at_once
    background: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
