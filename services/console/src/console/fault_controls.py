"""The controls of the fault injection page, and the request that its form becomes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from annotated_types import Le
from counterstep.chaos.views import Board, Fault
from counterstep.client import Request, faults
from counterstep.protocol.control import LONGEST, Faults

SERVICE: Final = "service-"
"""The prefix of a service's form field."""

SWITCH: Final = "switch-"
"""The prefix of a control's form field."""

PERCENT: Final = 100
MAX_SECONDS: Final = round(LONGEST.total_seconds())


class ActiveFault(Fault, frozen=True):
    """The active faults of one service, as the pages show them."""

    @property
    def effects(self) -> list[str]:
        """The active faults, each with its strength, such as `Slow 2 s`."""
        values = self.faults.model_dump(exclude_defaults=True)
        return [
            each.title if each.kind == "flag" else f"{each.title} {each.strength(values[each.name]):g} {each.unit}"
            for each in CONTROLS
            if each.name in values
        ]


@dataclass(frozen=True)
class Control:
    """A checkbox (`flag`), or a slider for a percentage (`share`) or for `seconds`."""

    name: str
    title: str
    description: str
    kind: str
    maximum: float

    @property
    def unit(self) -> str:
        return "%" if self.kind == "share" else "s"

    def strength(self, value: float) -> float:
        """The slider's position for a value of the API."""
        return value * PERCENT if self.kind == "share" else value

    def value(self, text: str) -> float | bool:
        """The API's value for the text in the form. Raises `ValueError` if it is not a number."""
        if self.kind == "flag":
            return bool(text)
        return float(text) / PERCENT if self.kind == "share" else float(text)


def _controls() -> Iterator[Control]:
    for name, field in Faults.model_fields.items():
        maximum = next((float(str(each.le)) for each in field.metadata if isinstance(each, Le)), 0)
        kind = "flag" if field.annotation is bool else "share" if maximum == 1 else "seconds"
        yield Control(
            name, field.title or name, field.description or "", kind, PERCENT if kind == "share" else maximum
        )


CONTROLS: Final = tuple(_controls())


def switch_on_request(fields: Mapping[str, str], reason: str) -> Request[Board]:
    """The request for the fields of a form. Raises `ValueError` if a slider is not a number."""
    return faults.switch_on(
        (each.removeprefix(SERVICE) for each in fields if each.startswith(SERVICE)),
        {each.name: each.value(fields[SWITCH + each.name]) for each in CONTROLS if SWITCH + each.name in fields},
        seconds=int(fields.get("seconds") or 0),
        reason=reason,
    )
