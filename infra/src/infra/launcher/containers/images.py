"""Brings the images of the containers to this machine, before anything is written or started."""

from collections.abc import Mapping

from infra.launcher.containers import engine, running_command
from infra.launcher.containers.choices import Choices
from infra.launcher.containers.compose import Compose
from infra.launcher.progress import Progress
from infra.machine.user_error import UserError

BY_FILE = "carry it here by file (`docker save` where there is a network, `docker load` here; docs/docker.md)"
NATIVELY = "run everything natively: `COUNTERSTEP_MODE=native make up`"


def provide(
    compose: Compose, choices: Choices, environment: Mapping[str, str], progress: Progress, *, instead: bool
) -> None:
    """Pull the images that are missing, and build ours. `instead`: the native way is still open to this home.

    Raises UserError at the first that cannot be had.
    """
    for name in dict.fromkeys((*choices.foreign_images, choices.base_image)):
        if not engine.holds_image(name, environment):
            _pull(name, environment, progress, instead=instead)
    _build(compose, choices, environment, progress, instead=instead)


def _pull(name: str, environment: Mapping[str, str], progress: Progress, *, instead: bool) -> None:
    with progress.step(name, "pulled"):
        status, output = running_command.run(("docker", "pull", "--quiet", name), environment)
        if status:
            ways = f"{BY_FILE}, or {NATIVELY}" if instead else BY_FILE
            raise UserError("docker", f"the image {name} cannot be pulled. Try again, or {ways}", output)


def _build(
    compose: Compose, choices: Choices, environment: Mapping[str, str], progress: Progress, *, instead: bool
) -> None:
    with progress.step("image", f"{compose.image}, of this checkout"):
        status, output = running_command.run(compose.build(choices.base_image), environment)
        if status:
            ways = f". Try again, or {NATIVELY}" if instead else "; try again"
            raise UserError("docker", f"the image {compose.image} cannot be built{ways}", output)
