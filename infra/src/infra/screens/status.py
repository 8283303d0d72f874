"""The output of `saga status`."""

from collections import Counter
from collections.abc import Iterator

from counterstep.monitoring.alerts import Alert
from counterstep.monitoring.broker import BrokerView, Queue
from rich.console import Group, RenderableType
from rich.filesize import decimal
from rich.text import Text

from infra.launcher import PartStatus, Status
from infra.screens.deployment import table
from infra.screens.reviews import waiting_line


def screen(status: Status) -> RenderableType:
    """Every part, then the broker, the alerts, and the orders that wait for a person."""
    return Group(*_sections(status))


def _sections(status: Status) -> Iterator[RenderableType]:
    yield _parts(status.parts)
    yield from map(_reason, filter(_is_waiting, status.parts))
    if status.broker:
        yield from ("", _queues(status.broker.queues), "", _resources(status.broker))
    if status.alerts:
        yield from ("", *map(_alert, status.alerts))
    if status.reviews and status.reviews.waiting:
        yield from ("", waiting_line(status.reviews))


def _parts(parts: list[PartStatus]) -> RenderableType:
    rows = table("part", "state", "pid", "up for", "address")
    rows.padding = (0, 0, 0, 2)  # also a part that has run for a hundred days is one line of 80 characters
    for column in rows.columns:
        column.no_wrap = True
    for part in parts:
        process = part.process
        rows.add_row(
            part.name,
            _state(part),
            str(process.pid or "") if process else "",
            process.up_for if process else "",
            Text(part.address, "" if process else "dim"),
        )
    return rows


def _state(part: PartStatus) -> Text:
    if part.usable:
        return Text("ready", "green")
    return Text("not ready", "yellow") if _is_waiting(part) else Text("stopped", "dim")


def _is_waiting(part: PartStatus) -> bool:
    return part.process is not None and not part.usable


def _reason(part: PartStatus) -> RenderableType:
    """Below the table: in a column of it, a long reason would break over many lines."""
    return Text.assemble(("  ! ", "bold yellow"), f"{part.name}: {part.missing}")


def _queues(queues: list[Queue]) -> RenderableType:
    rows = table("queue", "ready", "unacked", "retrying", "consumers", "redelivered")
    rows.padding = (0, 1, 0, 2)  # six columns in 80 characters
    for column in rows.columns[1:]:
        column.justify = "right"
    for queue in queues:
        figures = (queue.ready, queue.unacked, queue.resting, queue.consumers, queue.redelivered)
        rows.add_row(queue.name, *map(_figure, figures))
    return rows


def _figure(figure: int | None) -> Text:
    return Text("?" if figure is None else f"{figure:,}", "" if figure else "dim")


def _resources(broker: BrokerView) -> RenderableType:
    node = broker.node
    states = Counter(connection.state for connection in broker.connections)
    rows = table()
    rows.add_row("memory", f"{decimal(node.memory_used)} used, alarm at {decimal(node.memory_limit)}")
    rows.add_row("disk", f"{decimal(node.disk_free)} free, alarm under {decimal(node.disk_limit)}")
    rows.add_row("connections", ", ".join(f"{number} {state}" for state, number in states.items()) or "none")
    return rows


def _alert(alert: Alert) -> RenderableType:
    return Text.assemble(("  ! ", "bold yellow"), alert.what, (f"  → {alert.runbook}", "dim"))
