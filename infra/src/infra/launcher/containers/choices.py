"""What a user may choose of the containers: other images than ours names, and parts to leave out.

`RABBITMQ_IMAGE=registry.example.com/rabbitmq:4.2.9-management` takes an image of another name, such as one from
the mirror of a closed network. `COUNTERSTEP_WITHOUT=grafana,prometheus` leaves parts out. A choice holds until
another one is made.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from infra.launcher.containers import compose
from infra.machine.checkout import CHECKOUT
from infra.machine.private_file import read_whole
from infra.machine.user_error import UserError

WITHOUT: Final = "COUNTERSTEP_WITHOUT"
PROFILES: Final = "COMPOSE_PROFILES"
"""Compose starts the parts of these profiles beside those that have none."""
BASE: Final = "PYTHON_IMAGE"
"""The image below ours."""
DOCKERFILE: Final = CHECKOUT / "infra" / "Dockerfile"
_ARG: Final = "ARG PYTHON="
_CHOSEN = re.compile(r"\$\{(\w+_IMAGE):-(.+)\}")
_KEPT = re.compile(r"^(\w+)='(.*)'$", re.MULTILINE)


@dataclass(frozen=True)
class Choices:
    """The images that a user named, by variable, and the parts that are left out."""

    images: Mapping[str, str]
    without: frozenset[str]

    @classmethod
    def of(cls, environment: Mapping[str, str], kept: Path) -> Self:
        """Read what the environment chooses, else what the last `up` kept in this file. Raises UserError."""
        known = {**dict(_KEPT.findall(read_whole(kept) if kept.exists() else "")), **environment}
        without = {part.strip() for part in known.get(WITHOUT, "").split(",")} - {""}
        if unknown := without - optional_parts():
            raise UserError(
                "containers",
                f"{WITHOUT} names {', '.join(sorted(unknown))}; what can be left out is"
                f" {', '.join(sorted(optional_parts()))}",
            )
        images = {name: known[name] for name in (BASE, *defaults()) if known.get(name)}
        return cls(images, frozenset(without))

    @property
    def variables(self) -> dict[str, str]:
        """The choices as variables of Compose; the next `of` reads them again."""
        profiles = ",".join(sorted(optional_parts() - self.without))
        return {**self.images, WITHOUT: ",".join(sorted(self.without)), PROFILES: profiles}

    @property
    def base_image(self) -> str:
        """The image on which ours is built."""
        return self.images.get(BASE) or _default_base()

    @property
    def foreign_images(self) -> list[str]:
        """The images of others that the parts run, in the order of the parts."""
        return [self.images.get(variable) or default for variable, default in _images_of(self.without)]

    @property
    def parts(self) -> list[str]:
        """The names of the containers, the setup included."""
        return [name for name in services() if name not in self.without]


def services() -> dict[str, dict[str, Any]]:
    """Every service of the compose file, by name."""
    found: dict[str, dict[str, Any]] = compose.document()["services"]
    return found


def optional_parts() -> set[str]:
    """The parts that may be left out: nothing else needs them."""
    return {name for name, service in services().items() if "profiles" in service}


def defaults() -> dict[str, str]:
    """The images of others that the compose file names, by the variable that replaces each."""
    return dict(_images_of(frozenset()))


def _images_of(without: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, service in services().items():
        if name not in without and (found := _CHOSEN.fullmatch(service["image"])):
            yield found[1], found[2]


def _default_base() -> str:
    return next(line.removeprefix(_ARG) for line in DOCKERFILE.read_text().splitlines() if line.startswith(_ARG))
