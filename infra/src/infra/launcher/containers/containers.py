"""The Docker way to run: everything in containers, by `compose.yaml`."""

from pathlib import Path
from time import monotonic

import yaml
from psutil import Process

from infra.components.replicas import SINGLE, Replicas
from infra.launcher.containers import compose, engine
from infra.launcher.containers import files as container_files
from infra.launcher.containers.compose import Compose
from infra.launcher.containers.container import Container, read
from infra.launcher.deployment import Deployment
from infra.launcher.progress import Progress
from infra.launcher.status import PartStatus
from infra.machine.loopback import LOOPBACK
from infra.machine.private_file import write_private
from infra.machine.user_error import CommandLineError, UserError

INSIDE_ONLY = frozenset({"epmd", "distribution"})  # no port of this machine leads to them
SETUP = "setup"  # ends when it has done its work
LAST_LINES = 50


class Containers(Deployment):
    """Everything of one home, as the containers of one Compose project."""

    def up(
        self, progress: Progress | None = None, *, tls: bool | None = None, replicas: Replicas = SINGLE
    ) -> None:
        if self.home.tls.on if tls is None else tls:
            raise UserError("tls", "needs native mode: type `make up TLS=0`, or see docs/docker.md")
        if replicas.processes:
            raise UserError(
                "replicas",
                "need native mode, because a container's port can be published only once. Leave REPLICAS out,"
                " or type `COUNTERSTEP_MODE=native make up REPLICAS=…`",
            )
        self.home.create()
        with self.home.lock():
            if self.home.container_files.exists() and self.running():
                self.ports.refuse_moved(self.home.ports)
            else:
                self.ports.refuse_unusable(self.port_names)
            self._start(progress or Progress.silent())

    def down(self) -> None:
        self._remove(self._compose.down())

    def clean(self) -> None:
        self.home.check_ours()
        self._remove(self._compose.clean())
        self._remove(self._compose.forget_image())
        self.home.remove()

    def start(self, name: str) -> None:
        engine.ask(self._compose.start(name), self._environment)

    def stop(self, name: str) -> None:
        engine.ask(self._compose.stop(name), self._environment)

    def running(self) -> list[str]:
        return [container.service for container in self._containers() if container.runs]

    @property
    def part_names(self) -> list[str]:
        return parts()

    @property
    def port_names(self) -> set[str]:
        return {name for name, _ in self.ports} - INSIDE_ONLY

    def owns(self, process: Process | None) -> bool:  # noqa: ARG002 - the engine's own process listens for them all
        """If one of our containers runs, every listener counts as ours."""
        return bool(self.running())

    def log_command(self, part: str | None, *, lines: int, follow: bool) -> list[str]:
        if part not in {None, *(names := parts()), SETUP}:
            raise CommandLineError("logs", f"there is no part {part}; the parts are {', '.join(names)}")
        return self._compose.logs(part, lines=lines, follow=follow)

    def log_files(self, part: str | None) -> dict[str, Path]:  # noqa: ARG002 - the engine keeps them all
        return {}

    def log_of(self, part: str) -> str:
        return engine.ask(self._compose.logs(part, lines=LAST_LINES, follow=False), self._environment)

    async def part_statuses(self) -> list[PartStatus]:
        found = {container.service: container.part_status() for container in self._containers()}
        return [
            found.get(name) or PartStatus(name=name, address="", process=None, missing=None) for name in parts()
        ]

    @property
    def pages(self) -> dict[str, str]:
        more = {"prometheus": self.ports.prometheus, "grafana": self.ports.grafana}
        return {**super().pages, **{name: f"http://{LOOPBACK}:{port}" for name, port in more.items()}}

    @property
    def _compose(self) -> Compose:
        return Compose(self.home.fingerprint, self.home.container_files / container_files.VARIABLES)

    @property
    def _environment(self) -> dict[str, str]:
        """Ours, less what `compose.yaml` must have from our file alone."""
        ours = container_files.variables(self.home, self.ports)
        return {name: value for name, value in self.environment.items() if name not in ours}

    def _start(self, progress: Progress) -> None:
        write_private(self.home.ports, self.ports.model_dump_json(indent=2))
        container_files.write(self.home, self.ports, self.environment)
        begun = monotonic()
        if not engine.show(self._compose.up(), self._environment):
            raise self._failure()
        progress.done("containers", monotonic() - begun, f"{len(self.running())}, all of them healthy")

    def _failure(self) -> UserError:
        """The error of the container that `up` could not start, with the end of its log."""
        for container in sorted(self._containers(), key=lambda each: each.state == "created"):
            if missing := container.missing:
                return UserError(container.service, missing, self.log_of(container.service))
        return UserError("docker", "`docker compose up` failed; its output is above")

    def _remove(self, command: list[str]) -> None:
        if self.home.container_files.exists():
            engine.ask(command, self._environment)

    def _containers(self) -> list[Container]:
        return read(engine.ask(self._compose.containers(), self._environment))


def parts() -> list[str]:
    """Name the parts that keep running."""
    return [name for name in yaml.safe_load(compose.FILE.read_text())["services"] if name != SETUP]
