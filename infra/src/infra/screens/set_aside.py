"""Messages that wait for an operator's decision, as the terminal shows them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from infra.machine.terminal import printable
from infra.screens.deployment import table


def listed(heading: str, rows: Iterable[tuple[UUID, str, str, datetime, str]]) -> RenderableType:
    """One row for each message: its id, its type, where and when it was set aside, and why."""
    shown = table("message id", heading)
    for message_id, kind, where, at, why in rows:
        place = f"{printable(where)}, {at.astimezone():%d %b %H:%M:%S}"
        lines = f"{printable(kind)}\n{place}\n{printable(why)}"
        shown.add_row(str(message_id), Text(lines, "dim", overflow="ellipsis", no_wrap=True))
    shown.columns[0].no_wrap = True  # an id that is cut short could not be copied
    return shown


def whole(message: BaseModel) -> RenderableType:
    """Every field of the message; its `reason` and `body` below the others, as they may be long."""
    fields = message.model_dump(mode="json")
    long = {name: fields.pop(name) for name in ("reason", "body")}
    rows = table()
    for name, value in fields.items():
        if value is not None:
            rows.add_row(Text(name.replace("_", " "), "dim"), Text(printable(str(value))))
    return Group(rows, *(Text.assemble("\n", (name, "dim"), "\n", printable(text)) for name, text in long.items()))
