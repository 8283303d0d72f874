"""What the containers would run, run natively: commands, environment and health checks from `compose.yaml`."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from compose_file import SERVICES
from contracts.topology import SERVICES as OURS
from docker_stand_in import StandIn, container
from infra.cli.app import app
from infra.components.postgres.databases import Databases
from infra.launcher.containers import files as container_files
from infra.launcher.native.stack import Stack
from infra.machine.checkout import CHECKOUT
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports, variable
from typer.testing import CliRunner
from waiting import eventually


@pytest.fixture
def home(stack: Stack, tmp_path: Path) -> Home:
    """A home of containers, with the secrets of the native stack and the files that its containers would read."""
    home = Home(tmp_path / "run")
    home.create()
    (home.path / "secrets").symlink_to(stack.home.path / "secrets")
    container_files.write(home, stack.ports, {})
    return home


def natively(command: list[str]) -> list[str]:
    """The image's `python` is ours."""
    return [sys.executable if word == "python" else word for word in command if word != "CMD"]


def environment(service: str, home: Home, **instead: str) -> dict[str, str]:
    """What `compose.yaml` sets, with its secrets where they are here, and what differs outside of a container."""
    mounted = {
        name: value.replace("/run/secrets", str(home.container_files))
        for name, value in SERVICES[service].get("environment", {}).items()
    }
    return {"PATH": os.environ["PATH"], **mounted, **instead}


@asynccontextmanager
async def running(service: str, environment: dict[str, str]) -> AsyncIterator[None]:
    command = natively(SERVICES[service]["command"])
    process = await asyncio.create_subprocess_exec(*command, env=environment, cwd="/")
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def is_healthy(service: str, environment: dict[str, str]) -> bool:
    check = natively(SERVICES[service]["healthcheck"]["test"])
    process = await asyncio.create_subprocess_exec(*check, env=environment, cwd="/", stderr=subprocess.DEVNULL)
    return await process.wait() == 0


@pytest.mark.parametrize("service", OURS)
async def test_a_service_s_command_becomes_healthy(service: str, stack: Stack, home: Home) -> None:
    elsewhere = environment(
        service,
        home,
        HTTP_HOST=LOOPBACK,
        HTTP_PORT=str(Ports.free().order),
        AMQP_URL=stack.broker.url(service),
        DATABASE_URL=stack.database_url(service),
    )
    assert not await is_healthy(service, elsewhere)
    async with running(service, elsewhere):
        await eventually(lambda: is_healthy(service, elsewhere), until=bool)


async def holdings(stack: Stack) -> Any:
    """What the setup makes: the broker's definitions, less the passwords' salt, and the databases and roles."""
    async with stack.broker.management() as api:
        made = (await api.get("/api/definitions")).json()
    rights = "SELECT datname, datacl::text FROM pg_database ORDER BY 1"
    roles = "SELECT rolname, rolsuper, rolcanlogin FROM pg_roles ORDER BY 1"
    databases = Databases(stack.home, stack.ports.postgres)
    async with databases.session("postgres") as sql:
        shared = [list(map(tuple, await sql.fetch(query))) for query in (rights, roles)]
    async with databases.session("order") as sql:
        revision = await sql.fetchval("SELECT version_num FROM alembic_version")
    users = [{**user, "password_hash": None} for user in made["users"]]
    return {
        **{kind: sorted(map(str, rows)) for kind, rows in made.items() if isinstance(rows, list)},
        "users": sorted(map(str, users)),
        "shared": shared,
        "revision": revision,
    }


async def test_the_setup_changes_nothing_where_all_is_done(stack: Stack, home: Home) -> None:
    before = await holdings(stack)
    ports = {variable(name): str(port) for name, port in stack.ports}
    here = {"COUNTERSTEP_RUN": str(stack.home.path), "RABBITMQ_HOST": LOOPBACK, "POSTGRES_HOST": LOOPBACK}
    process = await asyncio.create_subprocess_exec(
        *natively(SERVICES["setup"]["command"]), env=environment("setup", home, **ports, **here), cwd=CHECKOUT
    )
    assert await process.wait() == 0
    assert await holdings(stack) == before


async def test_make_up_ends_with_an_order_and_every_address_in_containers_too(
    stack: Stack, home: Home, tmp_path: Path
) -> None:
    """The services that the stand-in's containers would hold are the native stack's."""
    docker = StandIn(tmp_path)
    docker.answer({"ps": {"out": "".join(container(name) for name in SERVICES)}})
    home.ports.write_text(stack.ports.model_dump_json())
    environment = {
        "PATH": docker.path,
        "COUNTERSTEP_RUN": str(home.path),
        "COLUMNS": "200",
        "COUNTERSTEP_MODE": None,  # a person who runs the tests may have set it
    }
    result = await asyncio.to_thread(lambda: CliRunner().invoke(app, ["up"], env=environment))
    assert result.exit_code == 0, result.output
    assert "is confirmed" in result.output
    for page in ("order", "traces", "prometheus", "grafana"):
        assert f"http://{LOOPBACK}:{getattr(stack.ports, page)}" in result.output
    assert any("up" in call for call in docker.calls())
