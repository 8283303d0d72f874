"""A message that could not be handled goes to the table of retries, or is a dead letter; then it is acknowledged.

Both tables are in the service's own database, and nothing lies between: no exchange that a peer can write to, and
no broker that counts. See docs/decisions/0041-failed-messages-stay-with-their-service.md.
"""

import structlog

from counterstep.messaging.consumer import dead_letters, retries, suspects
from counterstep.messaging.consumer.committing import Committing
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.origin import Settlement
from counterstep.messaging.consumer.retries import Failed
from counterstep.messaging.consumer.retry import delay_after, reason_of
from counterstep.messaging.observability.metrics import Handled
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction

log = structlog.get_logger()


async def set_aside(commit: Committing, delivery: Delivery, error: Exception) -> Handled:
    """Keep the message for its next try, or as a dead letter; gives which.

    Raises where it could not be kept: the database has refused it, and nothing may be acknowledged.
    """
    origin = delivery.origin
    failed = Failed(
        queue=delivery.queue,
        envelope=delivery.envelope,
        fingerprint=delivery.fingerprint,
        failures=origin.failures + 1,
        reason=reason_of(error),
        lease=origin.lease,
    )
    seconds = delay_after(failed.failures, error)

    async def keep(transaction: PlatformTransaction) -> None:
        if seconds is not None:
            transaction.write(retries.postponing(failed, seconds=seconds))
        else:
            await dead_letters.bury(transaction, failed)
            for statement in Settlement.of([origin]).written():
                transaction.write(statement)
        if origin.is_repeated:
            transaction.write(suspects.clearing(failed.fingerprint))

    log.error("set aside", type=failed.envelope.type, queue=failed.queue, retry_in=seconds, exc_info=error)
    await commit([delivery], keep)
    return "dead" if seconds is None else "retried"
