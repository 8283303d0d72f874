"""Alerts for operators, each with the page of the documentation that says what to do."""

from collections.abc import Collection, Iterator, Mapping

from pydantic import BaseModel, ByteSize

from counterstep.http.views.boxes import OutboxView
from counterstep.monitoring.broker import BrokerView, Connection, Node, Queue
from counterstep.monitoring.thresholds import (
    DEEP_MESSAGES,
    NEARLY_EMPTY,
    NEARLY_FULL,
    OFTEN_PER_SECOND,
    OLD_SECONDS,
)

RUNBOOKS = "docs/runbooks"


class Alert(BaseModel, frozen=True):
    """Something to look at, and its runbook."""

    what: str
    runbook: str


def alerts(view: BrokerView, ready: Collection[str]) -> list[Alert]:
    """Judge the broker.

    A service that is ready has its consumers. That is newer than the broker's figures, and counts more.
    """
    return [
        *(
            _alert("no-consumer", f"nobody consumes {each.name}")
            for each in view.queues
            if _is_unconsumed(each, ready)
        ),
        *(alert for queue in view.queues for alert in _of_queue(queue)),
        *_of_node(view.node),
        *(alert for connection in view.connections for alert in _of_connection(connection)),
    ]


def alerts_of_letters(waiting: Mapping[str, int]) -> list[Alert]:
    """Judge the number of unsettled dead letters of each service."""
    return [
        _alert("dead-letters", f"{name} has dead letters: {number}") for name, number in waiting.items() if number
    ]


def alerts_of_forgeries(forged: Mapping[str, int]) -> list[Alert]:
    """Judge the number of unsettled dead letters of each service that their sender may not send."""
    return [
        _alert("forged-messages", f"{name} was sent forged messages: {number}")
        for name, number in forged.items()
        if number
    ]


def alerts_of_outboxes(outboxes: Mapping[str, OutboxView]) -> list[Alert]:
    """Judge the messages of each service that the broker has not confirmed, or never will."""
    return [
        *(_alert("outbox", what) for name, outbox in outboxes.items() for what in _of_outbox(name, outbox)),
        *(
            _alert("quarantine", f"{name} has messages in quarantine: {outbox.quarantined}")
            for name, outbox in outboxes.items()
            if outbox.quarantined
        ),
    ]


def _of_outbox(name: str, outbox: OutboxView) -> Iterator[str]:
    if outbox.refused:
        yield f"messages of {name} that the broker would not take: {outbox.refused}"
    if outbox.oldest_seconds > OLD_SECONDS:
        yield f"{outbox.waiting} messages of {name} wait in its outbox, for {outbox.oldest_seconds:.0f} s"


def _is_unconsumed(queue: Queue, ready: Collection[str]) -> bool:
    service = queue.name.partition(".")[0]
    return queue.consumers == 0 and service not in ready


def _of_queue(queue: Queue) -> Iterator[Alert]:
    if queue.ready > DEEP_MESSAGES:
        yield _alert("queue-depth", f"{queue.ready} messages wait in {queue.name}")
    if queue.redeliveries > OFTEN_PER_SECOND:
        yield _alert("redeliveries", f"{queue.name} delivers {queue.redeliveries:.0f} messages a second again")


def _of_node(node: Node) -> Iterator[Alert]:
    used = f"the broker uses {_bytes(node.memory_used)} of the {_bytes(node.memory_limit)} that it may"
    free = f"the broker's disk has {_bytes(node.disk_free)} left and must keep {_bytes(node.disk_limit)}"
    if node.memory_alarm:
        yield _alert("alarms", f"memory alarm, nobody can publish: {used}")
    elif node.memory_used > NEARLY_FULL * node.memory_limit:
        yield _alert("alarms", used)
    if node.disk_alarm:
        yield _alert("alarms", f"disk alarm, nobody can publish: {free}")
    elif node.disk_free < NEARLY_EMPTY * node.disk_limit:
        yield _alert("alarms", free)


def _of_connection(connection: Connection) -> Iterator[Alert]:
    if connection.state in {"blocked", "blocking"}:
        yield _alert("blocked-connection", f"{connection.name or connection.user} is {connection.state}")


def _alert(page: str, what: str) -> Alert:
    return Alert(what=what, runbook=f"{RUNBOOKS}/{page}.md")


def _bytes(number: int) -> str:
    return ByteSize(number).human_readable(decimal=True, separator=" ")
