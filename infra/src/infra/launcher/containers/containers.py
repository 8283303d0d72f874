"""The Docker way to run: everything in containers, by `compose.yaml`."""

from pathlib import Path

from psutil import Process

from infra.components.replicas import SINGLE, Replicas
from infra.launcher.containers import engine, failure, images, running_command
from infra.launcher.containers import files as container_files
from infra.launcher.containers.choices import Choices, services
from infra.launcher.containers.compose import Compose
from infra.launcher.containers.container import Container, read
from infra.launcher.containers.watching import Watch
from infra.launcher.deployment import Deployment
from infra.launcher.progress import Progress
from infra.launcher.status import PartStatus
from infra.machine.loopback import LOOPBACK
from infra.machine.private_file import write_private
from infra.machine.user_error import CommandLineError, UserError

INSIDE_ONLY = frozenset({"epmd", "distribution"})  # no port of this machine leads to them
PART_OF = {"otlp": "traces"}  # a port of a part that has two
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
        return [name for name in self._choices.parts if name != SETUP]

    @property
    def port_names(self) -> set[str]:
        without = self._choices.without
        return {name for name, _ in self.ports if PART_OF.get(name, name) not in without} - INSIDE_ONLY

    def owns(self, process: Process | None) -> bool:  # noqa: ARG002 - the engine's own process listens for them all
        """If one of our containers runs, every listener counts as ours."""
        return bool(self.running())

    def log_command(self, part: str | None, *, lines: int, follow: bool) -> list[str]:
        if part not in {None, *(names := self.part_names), SETUP}:
            raise CommandLineError("logs", f"there is no part {part}; the parts are {', '.join(names)}")
        return self._compose.logs(part, lines=lines, follow=follow)

    def log_files(self, part: str | None) -> dict[str, Path]:  # noqa: ARG002 - the engine keeps them all
        return {}

    def log_of(self, part: str) -> str:
        return engine.ask(self._compose.logs(part, lines=LAST_LINES, follow=False), self._environment)

    async def part_statuses(self) -> list[PartStatus]:
        found = {container.service: container.part_status() for container in self._containers()}
        return [
            found.get(name) or PartStatus(name=name, address="", process=None, missing=None)
            for name in self.part_names
        ]

    @property
    def pages(self) -> dict[str, str]:
        more = {"prometheus": self.ports.prometheus, "grafana": self.ports.grafana}
        all_of_them = {**super().pages, **{name: f"http://{LOOPBACK}:{port}" for name, port in more.items()}}
        return {name: page for name, page in all_of_them.items() if name not in self._choices.without}

    @property
    def _compose(self) -> Compose:
        return Compose(self.home.fingerprint, self._variables)

    @property
    def _variables(self) -> Path:
        return self.home.container_files / container_files.VARIABLES

    @property
    def _choices(self) -> Choices:
        return Choices.of(self.environment, self._variables)

    @property
    def _environment(self) -> dict[str, str]:
        """Ours, less what `compose.yaml` must have from our file alone."""
        ours = {**container_files.variables(self.home, self.ports), **self._choices.variables}
        return {name: value for name, value in self.environment.items() if name not in ours}

    def _start(self, progress: Progress) -> None:
        first = not self.home.container_files.exists()
        images.provide(self._compose, self._choices, self._environment, progress, instead=first)
        write_private(self.home.ports, self.ports.model_dump_json(indent=2))
        container_files.write(self.home, self.ports, self.environment)
        watch = Watch(self._containers, progress)
        status, output = running_command.run(self._compose.up(), self._environment, watch.look)
        watch.look()
        watch.end()
        if status:
            raise self._failure(output)

    def _failure(self, output: str) -> UserError:
        """The error of the container that `up` could not start, with the end of its log."""
        inspected: list[failure.Inspected] = []
        if ids := engine.ask(self._compose.container_ids(), self._environment).split():
            inspected = failure.read(engine.ask(["docker", "container", "inspect", *ids], self._environment))
        if blamed := failure.blamed(inspected):
            service, reason = blamed
            return UserError(
                service, f"{reason}. All of its log: `make logs PART={service}`", self.log_of(service)
            )
        return UserError("docker", "`docker compose up` failed", output)

    def _remove(self, command: list[str]) -> None:
        if self.home.container_files.exists():
            engine.ask(command, self._environment)

    def _containers(self) -> list[Container]:
        return read(engine.ask(self._compose.containers(), self._environment))


def parts() -> list[str]:
    """Name the parts that keep running, where none is left out."""
    return [name for name in services() if name != SETUP]
