"""The end of a transaction's work on runs: all of it is written down, and told of once it is committed."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from messaging import Transaction
from messaging.envelope import Envelope
from telemetry import is_recorded, tell

from orchestrator import history, metrics
from orchestrator.history import HistoryEntry
from orchestrator.ledger import Ledger
from orchestrator.spans import spans_of
from orchestrator.store import OpenRun


async def close(ledger: Ledger, transaction: Transaction, heard: Sequence[Envelope] = ()) -> None:
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


def _tell(ended: Mapping[UUID, OpenRun], histories: Mapping[UUID, Sequence[HistoryEntry]]) -> None:
    for saga_id, entries in histories.items():
        for span in spans_of(ended[saga_id], entries):
            tell(span)
