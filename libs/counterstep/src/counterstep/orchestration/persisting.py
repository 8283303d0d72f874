"""The end of a transaction's work on runs: all of it is written down, and told of once it is committed."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from counterstep.messaging.outbox.transaction import Transaction
from counterstep.messaging.wire.envelope import Envelope
from counterstep.orchestration import history, metrics
from counterstep.orchestration.history import SavedEntry
from counterstep.orchestration.instances import LoadedInstance
from counterstep.orchestration.spans import spans_of
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.telemetry import is_recorded, record_span


async def persist(ledger: UnitOfWork, transaction: Transaction, heard: Sequence[Envelope] = ()) -> None:
    """Write the ledger down; count what it did by what it heard, and tell the story of each run that has ended."""
    for write in ledger.writes():
        transaction.write(write)
    transaction.after_commit(partial(metrics.count, ledger, heard))
    ended = {
        each.saga_id: each
        for each in ledger.changed.values()
        if each.status.ended and is_recorded(each.traceparent)
    }
    if ended:
        await transaction.written()
        histories = await history.read(transaction.sql, ended)
        transaction.after_commit(partial(_tell, ended, histories))


def _tell(ended: Mapping[UUID, LoadedInstance], histories: Mapping[UUID, Sequence[SavedEntry]]) -> None:
    for saga_id, entries in histories.items():
        for span in spans_of(ended[saga_id], entries):
            record_span(span)
