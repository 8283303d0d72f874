"""One pass over a batch: each message is decided, and all that follows is written in one transaction.

Faulty messages hold up nobody. They are set aside in the transaction in which the others are handled, so a batch
with a hundred of them costs as many transactions as one with none. See
docs/decisions/0054-a-batch-is-decided-in-one-pass.md.
"""

from collections.abc import Mapping, Sequence

from counterstep.messaging.consumer.consuming import Work
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.origin import Settlement
from counterstep.messaging.consumer.setting_aside import set_aside
from counterstep.messaging.consumer.suspects import clearing
from counterstep.messaging.observability.metrics import Handled
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction


class OnePass:
    """Has `work` handle a batch, but for the messages whose fault is `known`, and keeps what is faulty.

    Once it is committed, `faults` has every faulty message with its reason, and `outcomes` what became of each.
    """

    def __init__(self, work: Work, batch: Sequence[Delivery], known: Mapping[Delivery, Exception]) -> None:
        self._work = work
        self._batch = batch
        self._known = {each: known[each] for each in batch if each in known}
        self.faults: Mapping[Delivery, Exception] = self._known
        self.outcomes: Mapping[Delivery, Handled] = {}

    async def __call__(self, transaction: PlatformTransaction) -> None:
        """Write all that follows from the batch. It may run again, in another transaction."""
        self.faults = self._known | await self._found(transaction)
        done: dict[Delivery, Handled] = dict.fromkeys(self._batch, "done")
        self.outcomes = done | await set_aside(transaction, self.faults)
        over = [each.origin for each, outcome in self.outcomes.items() if outcome != "retried"]
        for statement in Settlement.of(over).written():
            transaction.write(statement)
        if repeated := [each.fingerprint for each in self._batch if each.origin.is_repeated]:
            transaction.write(clearing(repeated))

    async def _found(self, transaction: PlatformTransaction) -> dict[Delivery, Exception]:
        """Handle what is not known to be faulty; gives what turned out to be."""
        unknown = [each for each in self._batch if each not in self._known]
        found = await self._work(transaction, unknown) if unknown else {}
        return {each: found[each] for each in unknown if each in found}
