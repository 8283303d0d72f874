"""The end of a unit of work: it is saved, and counted and traced once the transaction is committed."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.wire.envelope import Envelope
from counterstep.orchestration import history, metrics
from counterstep.orchestration.history import RecordedEntry
from counterstep.orchestration.instances import LoadedInstance
from counterstep.orchestration.spans import spans_of
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.telemetry import is_recorded, record_span


async def persist(work: UnitOfWork, transaction: PlatformTransaction, received: Sequence[Envelope] = ()) -> None:
    """Save the unit of work, and report it after the commit; `received` are the messages that led to it.

    The spans of an instance are made from its whole history, so they are recorded when it has ended.
    """
    for statement in work.statements():
        transaction.write(statement)
    transaction.after_commit(partial(metrics.count, work, received))
    traced = {
        each.saga_id: each for each in work.changed.values() if each.status.ended and is_recorded(each.traceparent)
    }
    if traced:
        await transaction.flush()
        histories = await history.read(transaction.sql, traced)
        transaction.after_commit(partial(_record_spans, traced, histories))


def _record_spans(ended: Mapping[UUID, LoadedInstance], histories: Mapping[UUID, Sequence[RecordedEntry]]) -> None:
    for saga_id, entries in histories.items():
        for span in spans_of(ended[saga_id], entries):
            record_span(span)
