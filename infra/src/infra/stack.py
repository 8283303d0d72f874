"""The whole of Counterstep on this machine, for the `saga` command and the end-to-end tests alike."""

import asyncio
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Self

from chassis.auth import Role, mint

from infra.assembly import Assembly
from infra.failure import Failure
from infra.home import CHECKOUT, Home
from infra.launch import Launch
from infra.ports import Ports
from infra.postgres_placement import remove_shelter
from infra.progress import Progress
from infra.public_api import PublicApi
from infra.rabbitmq_conf import ADMIN
from infra.status import Status, status


class Stack(Assembly):
    """Everything of one home. Its verbs block: call them from a thread where an event loop runs."""

    @classmethod
    def of_checkout(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the stack that `make up` runs; COUNTERSTEP_RUN names another folder than `.run`.

        Raises Failure where a port's variable is wrong, or the stack is another user's.
        """
        home = Home(Path(environment.get("COUNTERSTEP_RUN", CHECKOUT / ".run")).absolute())
        home.check_owner()
        return cls(home.path, Ports.resolve(environment, home.ports), environment)

    def up(self, progress: Progress | None = None, *, tls: bool | None = None) -> None:
        """Start what is not running and wait until all of it is ready. Raises Failure.

        Where `tls` is None it stays on or off, as it was.
        """
        self.home.create()
        with self.home.lock():
            self._switch_tls(on=self.home.tls.on if tls is None else tls)
            asyncio.run(Launch(self, progress or Progress.silent()).everything())

    def down(self) -> None:
        """Stop everything and wait until no process is left; the data stay."""
        self.supervision.shutdown()

    def clean(self) -> None:
        """Stop everything and remove all that it ever wrote."""
        self.down()
        remove_shelter(self.home)
        self.home.remove()

    def status(self) -> Status:
        """Ask every part how it is. Raises Failure where one goes away meanwhile."""
        return asyncio.run(status(self, lambda: self.api(Role.OPERATOR, "status")))

    def logs(self, name: str | None = None) -> list[Path]:
        """Find the log of one part, or of all. Raises Failure where there is no such part, or no log yet."""
        if name and name not in self.parts:
            raise Failure("logs", f"there is no part {name}; the parts are {', '.join(self.parts)}")
        found = [self.home.log(part) for part in self.parts if name in {None, part}]
        if existing := [path for path in found if path.exists()]:
            return existing
        raise Failure("logs", "nothing has run yet; type `make up`")

    def start(self, name: str) -> None:
        """Start a part and wait until it is ready. Raises Failure."""
        asyncio.run(Launch(self, Progress.silent()).start(name))

    def stop(self, name: str) -> None:
        """Stop a part as `down` would, and wait until it is gone."""
        self.supervision.stop(name)

    def kill(self, name: str, signal: Signals = SIGKILL) -> None:
        """Signal a part's process, which the supervisor starts again when it ends. Raises Failure."""
        os.kill(self.pid(name), signal)

    def pid(self, name: str) -> int:
        """Return the process of a part. Raises Failure where none runs: to signal 0 would be to signal us."""
        if pid := self.supervision.process(name).pid:
            return pid
        raise Failure(name, "does not run")

    def url(self, service: str) -> str:
        return self.services[service].url

    def database_url(self, service: str) -> str:
        return self.postgres.url(service)

    @property
    def amqp_url(self) -> str:
        """Return the broker's address for the administrator, who may do everything."""
        return self.broker.url(ADMIN)

    def token(self, role: Role, subject: str, ttl: timedelta = timedelta(hours=1)) -> str:
        """Mint a token that every service of this stack takes."""
        return mint(self.home.secret("jwt"), subject=subject, role=role, ttl=ttl)

    def api(self, role: Role, subject: str) -> PublicApi:
        """Open the public APIs as this caller."""
        return PublicApi(self.token(role, subject), self.home.tls)

    def _switch_tls(self, *, on: bool) -> None:
        if on is not self.home.tls.on and self.supervision.running():
            raise Failure("tls", f"already running with{'out' if on else ''} TLS; type `make down` first")
        self.home.tls.switch(on=on)
