"""A payment service that dies of one customer's command: its process is killed in the middle of the handling.

python -m deadly payment
"""

import os
import signal
from collections.abc import Sequence
from typing import Any, Final, cast

from counterstep.http import serve
from counterstep.messaging.consumer.consuming import Consumer, Faults
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from payment.api import router
from payment.handlers import payment
from payment.settings import Settings

DEADLY: Final = "deadly"
"""The customer whose command kills."""


class Deadly:
    """Payment, but for that customer."""

    def __getattr__(self, name: str) -> Any:
        return getattr(payment, name)

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> Faults:
        """Handle the batch, or die."""
        if any(DEADLY.encode() in each.envelope.body for each in batch):
            os.kill(os.getpid(), signal.SIGKILL)
        return await payment.work(transaction, batch)


if __name__ == "__main__":
    serve(cast(Consumer, Deadly()), router, Settings.load())
