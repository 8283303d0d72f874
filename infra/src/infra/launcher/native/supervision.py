"""Keeping the parts alive: the supervisor of one home, and its control over a unix socket."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xmlrpc.client import Error, ServerProxy

from pydantic import BaseModel
from supervisor.xmlrpc import SupervisorTransport

from infra.components.process_spec import ProcessSpec
from infra.launcher.native import orphans, supervisord_conf
from infra.machine.environment import base_environment
from infra.machine.home import Home
from infra.machine.private_file import write_private
from infra.machine.user_error import UserError


class Process(BaseModel, frozen=True):
    """What the supervisor knows of a part; times in seconds of the Unix clock."""

    name: str
    group: str
    statename: str
    pid: int
    start: int
    now: int
    spawnerr: str

    @property
    def alive(self) -> bool:
        return self.statename in {"STARTING", "RUNNING"}

    @property
    def is_replica(self) -> bool:
        """Whether it is a group by itself, which may come and go."""
        return self.group == self.name

    @property
    def end(self) -> str:
        """Why it does not run, in the supervisor's words where it could not be started at all."""
        unstartable = self.spawnerr and not self.spawnerr.startswith("Exited")
        return self.spawnerr if unstartable else "ended before it was ready"


class Supervision:
    """The supervisor of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def running(self) -> bool:
        """Tell whether this home's supervisor answers."""
        try:
            self._call("getState")
        except (OSError, Error):
            return False
        return True

    def launch(self, parts: Iterable[ProcessSpec]) -> None:
        """Start the supervisor with these parts, none of them running yet. Raises UserError."""
        configuration = self._configure(parts)
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(configuration)],
            env=base_environment(self._home),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise UserError("supervisor", f"ended with status {done.returncode}", done.stdout + done.stderr)

    def exchange_replicas(self, parts: Iterable[ProcessSpec]) -> None:
        """Stop the replicas that are not among these parts, and know the others; nothing else is touched."""
        self._configure(parts)
        [[added, _, removed]] = self._call("reloadConfig")
        for name in removed:
            self._call("stopProcessGroup", name)
            self._call("removeProcessGroup", name)
        for name in added:
            self._call("addProcessGroup", name)

    def processes(self) -> dict[str, Process]:
        """Every part by its name; none where no supervisor runs."""
        if not self.running():
            return {}
        found = map(Process.model_validate, self._call("getAllProcessInfo"))
        return {process.name: process for process in found}

    def process(self, name: str) -> Process:
        """One part. Raises UserError where the supervisor is gone, or does not know it."""
        try:
            return self.processes()[name]
        except KeyError:
            raise UserError(name, "no supervisor keeps it; type `make up`") from None

    def start(self, name: str) -> None:
        """Start a part that is not running, without waiting for it."""
        process = self.process(name)
        if not process.alive:
            wait = False
            self._call("startProcess", f"{process.group}:{name}", wait)

    def stop(self, name: str) -> None:
        """Stop a part and wait until it is gone."""
        process = self.process(name)
        if process.statename not in {"STOPPED", "EXITED", "FATAL"}:
            self._call("stopProcess", f"{process.group}:{name}")

    def shutdown(self) -> None:
        """Stop everything, the highest tier first, and wait until no process is left.

        Where the supervisor is gone already, end what outlived it.
        """
        if self.running():
            pid = self._call("getPID")
            self._call("shutdown")
            orphans.wait_for_end(pid)
        orphans.end(self._home.path)

    def _configure(self, parts: Iterable[ProcessSpec]) -> Path:
        configuration = self._home.path / "supervisord.conf"
        write_private(configuration, supervisord_conf.render(self._home, parts))
        return configuration

    def _call(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(serverurl=f"unix://{self._home.socket}")
        with ServerProxy("http://localhost", transport=transport) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)
