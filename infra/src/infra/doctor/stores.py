"""The running broker and database: whether they answer, their versions, and which passwords they accept."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import aio_pika
import asyncpg
import httpx2
from aio_pika.connection import make_url
from aio_pika.exceptions import AMQPConnectionError
from contracts.topology import SERVICES
from counterstep.client import ApiError, boxes
from counterstep.http.roles import Role

from infra.components.postgres.databases import SUPERUSER_SECRET, Databases
from infra.doctor import secrets
from infra.doctor.finding import Finding, broken, fine
from infra.doctor.programs import dotted, too_old, version_in
from infra.doctor.secrets import ADMIN_SECRET
from infra.launcher import Deployment

OLDEST_POSTGRES = 14
MAX_DRIFT = 1.0  # seconds between two clocks; deadlines and tokens depend on them
TIMEOUT = 5  # seconds


async def broker(stack: Deployment, known: set[str]) -> AsyncIterator[Finding]:
    """Read the broker's version, and sign in as every user whose secret is `known`."""
    if ADMIN_SECRET in known:
        yield await _broker(stack)
    for name in SERVICES:
        if f"broker.{name}" in known and (refusal := await _broker_user(stack, name)):
            yield refusal


async def database(stack: Deployment, known: set[str]) -> AsyncIterator[Finding]:
    """Read the database's version and clock, and sign in as every role whose secret is `known`."""
    databases = Databases(stack.home, stack.ports.postgres)
    if SUPERUSER_SECRET in known:
        async for finding in _database(databases):
            yield finding
    for name in SERVICES:
        if f"database.{name}" in known and (refusal := await _database_role(databases, name)):
            yield refusal


def tokens(stack: Deployment, running: set[str]) -> Iterator[Finding]:
    """Send a token to every running service."""
    api = stack.api(Role.OPERATOR, "doctor")
    for name in SERVICES:
        if name in running:
            try:
                api.send(name, boxes.outbox())
            except ApiError as error:
                if error.status == httpx2.codes.UNAUTHORIZED:
                    yield _wrong("jwt", f"{name} rejects tokens that are signed with it")


async def _broker(stack: Deployment) -> Finding:
    async with stack.broker.management() as api:
        try:
            answer = await api.get("/api/overview", timeout=TIMEOUT)
        except httpx2.TransportError:
            return _unreachable(stack.broker.name, f"{stack.broker.management_url} does not answer")
    if answer.status_code == httpx2.codes.UNAUTHORIZED:
        return _wrong(ADMIN_SECRET, "the broker rejects it")
    version = version_in(answer.json()["rabbitmq_version"]) or ()
    return too_old(version) or fine("broker", f"RabbitMQ {dotted(version)} at {stack.broker.management_url}")


async def _broker_user(stack: Deployment, name: str) -> Finding | None:
    try:
        async with aio_pika.Connection(make_url(stack.broker.url(name))) as connection:
            await connection.connect(timeout=TIMEOUT)
    except AMQPConnectionError as error:
        if "ACCESS_REFUSED" in str(error):
            return _wrong(f"broker.{name}", f"the broker rejects it from {name}")
        return _unreachable("rabbitmq", f"port {stack.ports.amqp} does not answer")
    return None


async def _database(databases: Databases) -> AsyncIterator[Finding]:
    try:
        async with databases.session("postgres") as sql:
            version, now = await sql.fetchval("SHOW server_version_num"), await sql.fetchval("SELECT now()")
    except asyncpg.InvalidPasswordError:
        yield _wrong(SUPERUSER_SECRET, "the database rejects it")
    except (OSError, asyncpg.PostgresError):
        yield _unreachable("postgres", "the database does not answer")
    else:
        yield _database_version(int(version) // 10_000)
        yield _drift((datetime.now(UTC) - now).total_seconds())


def _database_version(major: int) -> Finding:
    if major >= OLDEST_POSTGRES:
        return fine("database", f"PostgreSQL {major}")
    detail = f"PostgreSQL {major}; {OLDEST_POSTGRES} or later is required"
    return broken(
        "database",
        detail,
        "set COUNTERSTEP_POSTGRES_BIN to a newer version's folder, then start with new data: `saga reset`",
    )


def _drift(seconds: float) -> Finding:
    detail = f"{abs(seconds):.2f} s from the database's clock"
    if abs(seconds) <= MAX_DRIFT:
        return fine("clocks", detail)
    return broken("clocks", detail, "synchronize both clocks; if Docker runs in a virtual machine, restart it")


async def _database_role(databases: Databases, name: str) -> Finding | None:
    try:
        connection = await asyncpg.connect(databases.url(name), timeout=TIMEOUT)
    except asyncpg.InvalidPasswordError:
        return _wrong(f"database.{name}", f"the database rejects it from {name}")
    except (OSError, asyncpg.PostgresError):
        return None  # that the database does not answer is reported once
    await connection.close()
    return None


def _wrong(name: str, what: str) -> Finding:
    return broken(f"secret {name}", f"wrong: {what}", secrets.fix(name))


def _unreachable(part: str, detail: str) -> Finding:
    return broken(part, detail, f"read its log: `make logs PART={part}`; then start it: `make up`")
