"""DBOS: one process, and a database of its own in our PostgreSQL, which flushes what it commits."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import IO, ClassVar, Final

from infra.components.postgres.databases import SUPERUSER, SUPERUSER_SECRET
from infra.launcher.native.stack import Stack
from infra.machine.loopback import LOOPBACK
from infra.machine.user_error import UserError

from performance.peers import environment
from performance.peers.loop import Span
from performance.peers.peer import Peer, Trade

DATABASE: Final = "dbos"


class Dbos(Peer):
    """The process, which drives itself, and the server that it shares with nobody who is busy."""

    name: ClassVar[str] = "DBOS"

    def __init__(self, process: "subprocess.Popen[str]", postgres: int) -> None:
        self._process = process
        self._postgres = postgres

    @property
    def processes(self) -> Mapping[str, int]:
        return {"dbos": self._process.pid, "postgres": self._postgres}

    @asynccontextmanager
    async def trade(self) -> AsyncIterator[Trade]:
        assert self._process.stdin
        assert self._process.stdout
        yield _PeerProcess(self._process.stdin, self._process.stdout)


class _PeerProcess:
    def __init__(self, requests: IO[str], answers: IO[str]) -> None:
        self._requests = requests
        self._answers = answers

    async def run(self, at_once: int) -> list[Span]:
        self._say(str(at_once))
        answer = await asyncio.to_thread(self._answers.readline)
        if not answer:
            raise UserError(Dbos.name, "its process has ended")
        return [(begun, ended) for begun, ended in json.loads(answer)]

    def close(self) -> None:
        self._say("that was it")

    def _say(self, line: str) -> None:
        print(line, file=self._requests, flush=True)


@contextmanager
def dbos(stack: Stack) -> Iterator[Dbos]:
    """Run it with this stack's database server. Raises UserError if it cannot be installed or started."""
    python = environment.python()
    asyncio.run(_make_database(stack))
    address = f"{LOOPBACK}:{stack.ports.postgres}/{DATABASE}"
    url = f"postgresql://{SUPERUSER}:{stack.home.secret(SUPERUSER_SECRET)}@{address}"
    command = (str(python), "-m", "performance.peers.apps.dbos_saga", url)
    with environment.running(command, spoken_to=True) as process:
        if process.stdout is None or not process.stdout.readline():
            raise UserError(Dbos.name, "did not start")
        yield Dbos(process, stack.pid(stack.postgres.name))


async def _make_database(stack: Stack) -> None:
    async with stack.postgres.databases.session("postgres") as sql:
        await sql.execute(f"CREATE DATABASE {DATABASE}")
