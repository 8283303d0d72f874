"""Messages that could not be handled go to the table of retries, or are dead letters; then they are acknowledged.

Both tables are in the service's own database, and nothing lies between: no exchange that a peer can write to, and
no broker that counts. See docs/decisions/0041-failed-messages-stay-with-their-service.md.
"""

from collections.abc import Mapping

import structlog

from counterstep.messaging.consumer import dead_letters, retries
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.consumer.retry import delay_after, reason_of
from counterstep.messaging.observability.metrics import Handled
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.wire.errors import PoisonError

log = structlog.get_logger()


async def set_aside(
    transaction: PlatformTransaction, faults: Mapping[Delivery, Exception]
) -> dict[Delivery, Handled]:
    """Keep these messages for their next try, or as dead letters, with the transaction; gives which.

    However many they are, they cost one query, and a part of the statement that ends the transaction.
    """
    kept = {delivery: _failed(delivery, error) for delivery, error in faults.items()}
    if again := [each for each in kept.values() if each.retry_in is not None]:
        transaction.write(retries.postponing(again))
    if dead := [each for each in kept.values() if each.retry_in is None]:
        await dead_letters.bury(transaction, dead)
    return {delivery: "dead" if each.retry_in is None else "retried" for delivery, each in kept.items()}


def tell(delivery: Delivery, error: Exception) -> None:
    """Log that the message was set aside, and why: by a traceback, unless the message itself is at fault."""
    seconds = delay_after(delivery.origin.failures + 1, error)
    why = {"reason": reason_of(error)} if isinstance(error, PoisonError) else {"exc_info": error}
    with delivery.current():
        log.error("set aside", type=delivery.envelope.type, queue=delivery.queue, retry_in=seconds, **why)


def _failed(delivery: Delivery, error: Exception) -> Failed:
    failures = delivery.origin.failures + 1
    return Failed(
        queue=delivery.queue,
        envelope=delivery.envelope,
        fingerprint=delivery.fingerprint,
        failures=failures,
        reason=reason_of(error),
        retry_in=delay_after(failures, error),
        lease=delivery.origin.lease,
    )
