"""The fault switches as a page shows them: one control for each, and what a form with them asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from annotated_types import Le
from counterstep.chaos.views import Board, Fault
from counterstep.client import Request, faults
from counterstep.protocol.control import LONGEST, Faults

SERVICE: Final = "service-"
"""What the name of a service's field begins with."""

SWITCH: Final = "switch-"
"""Likewise, of a switch's."""

PERCENT: Final = 100
MOST_SECONDS: Final = round(LONGEST.total_seconds())


class Shown(Fault, frozen=True):
    """What is on for one service, as pages say it."""

    @property
    def words(self) -> list[str]:
        """What is on, each with its strength."""
        told = self.faults.model_dump(exclude_defaults=True)
        return [
            each.title if each.kind == "flag" else f"{each.title} {each.strength(told[each.name]):g} {each.unit}"
            for each in CONTROLS
            if each.name in told
        ]


@dataclass(frozen=True)
class Control:
    """A switch (`flag`), or a slider of percent (`share`) or of `seconds`."""

    name: str
    title: str
    description: str
    kind: str
    most: float

    @property
    def unit(self) -> str:
        return "%" if self.kind == "share" else "s"

    def strength(self, value: float) -> float:
        """What the slider shows for the value that is sent."""
        return value * PERCENT if self.kind == "share" else value

    def value(self, shown: str) -> float | bool:
        """What is sent for what the form holds. ValueError where it is no number."""
        if self.kind == "flag":
            return bool(shown)
        return float(shown) / PERCENT if self.kind == "share" else float(shown)


def _controls() -> Iterator[Control]:
    for name, field in Faults.model_fields.items():
        most = next((float(str(each.le)) for each in field.metadata if isinstance(each, Le)), 0)
        kind = "flag" if field.annotation is bool else "share" if most == 1 else "seconds"
        yield Control(
            name, field.title or name, field.description or "", kind, PERCENT if kind == "share" else most
        )


CONTROLS: Final = tuple(_controls())


def wanted(fields: Mapping[str, str], reason: str) -> Request[Board]:
    """What a form asks for, as the services take it. ValueError where a slider holds no number."""
    return faults.switch_on(
        (each.removeprefix(SERVICE) for each in fields if each.startswith(SERVICE)),
        {each.name: each.value(fields[SWITCH + each.name]) for each in CONTROLS if SWITCH + each.name in fields},
        seconds=int(fields.get("seconds") or 0),
        reason=reason,
    )
