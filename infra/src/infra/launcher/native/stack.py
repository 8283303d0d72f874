"""The native way to run: real programs of this machine, for the `saga` command and the end-to-end tests alike."""

import asyncio
import os
from pathlib import Path
from signal import SIGKILL, Signals

from psutil import Process

from infra.components.postgres.placement import remove_install_location
from infra.components.process_spec import ProcessSpec
from infra.components.rabbitmq.conf import ADMIN
from infra.components.replicas import SINGLE, Replicas
from infra.launcher.native import orphans
from infra.launcher.native.launch import Launch
from infra.launcher.native.native_components import NativeComponents
from infra.launcher.progress import Progress
from infra.launcher.status import PartStatus, Running
from infra.machine.user_error import CommandLineError, UserError, log_of


class Stack(NativeComponents):
    """Everything of one home, as processes that a supervisor keeps alive."""

    def up(
        self, progress: Progress | None = None, *, tls: bool | None = None, replicas: Replicas = SINGLE
    ) -> None:
        self.home.create()
        with self.home.lock():
            self._switch_tls(on=self.home.tls.on if tls is None else tls)
            asyncio.run(Launch(self, progress or Progress.silent()).everything(replicas))

    def down(self) -> None:
        self.supervision.shutdown()

    def clean(self) -> None:
        self.home.check_ours()
        self.down()
        remove_install_location(self.home)
        self.home.remove()

    async def part_statuses(self) -> list[PartStatus]:
        processes = self.supervision.processes()

        async def ask(part: ProcessSpec) -> PartStatus:
            process = processes.get(part.name)
            running = Running.of(process) if process and process.alive else None
            missing = await part.missing() if running else None
            return PartStatus(name=part.name, address=part.address, process=running, missing=missing)

        return list(await asyncio.gather(*map(ask, self.parts.values())))

    @property
    def part_names(self) -> list[str]:
        return list(self.parts)

    @property
    def port_names(self) -> set[str]:
        return {port for part in self.parts.values() for port in part.ports}

    def owns(self, process: Process | None) -> bool:
        return process is not None and orphans.belongs(process, self.home.path)

    def log_command(self, part: str | None, *, lines: int, follow: bool) -> list[str]:
        return ["tail", f"-n{lines}", *(["-F"] if follow else []), *map(str, self.log_files(part).values())]

    def log_of(self, part: str) -> str:
        return log_of(self.home.log(part))

    def log_files(self, part: str | None = None) -> dict[str, Path]:
        """Raises UserError where there is no such part, or no log yet."""
        if part and part not in self.parts:
            raise CommandLineError("logs", f"there is no part {part}; the parts are {', '.join(self.parts)}")
        found = {name: self.home.log(name) for name in self.parts if part in {None, name}}
        if existing := {name: path for name, path in found.items() if path.exists()}:
            return existing
        raise UserError("logs", "there are no logs yet; type `make up`")

    def start(self, name: str) -> None:
        asyncio.run(Launch(self, Progress.silent()).start(name))

    def stop(self, name: str) -> None:
        self.supervision.stop(name)

    def kill(self, name: str, signal: Signals = SIGKILL) -> None:
        """Signal a part's process, which the supervisor starts again when it ends. Raises UserError."""
        os.kill(self.pid(name), signal)

    def pid(self, name: str) -> int:
        """Return the process of a part. Raises UserError where none runs: to signal 0 would be to signal us."""
        if pid := self.supervision.process(name).pid:
            return pid
        raise UserError(name, "does not run")

    def database_url(self, service: str) -> str:
        return self.postgres.databases.url(service)

    @property
    def amqp_url(self) -> str:
        """Return the broker's address for the administrator, who may do everything."""
        return self.broker.url(ADMIN)

    def _switch_tls(self, *, on: bool) -> None:
        if on is not self.home.tls.on and self.supervision.running():
            raise UserError("tls", f"already running with{'out' if on else ''} TLS; type `make down` first")
        self.home.tls.switch(on=on)
