"""The console and a real control room, while nothing else runs: the way back for who stopped everything."""

import asyncio
import stat
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from console.app import application
from console.session import COOKIE
from console.settings import Settings
from contracts.topology import SERVICES, SHOP
from counterstep.http.roles import Role
from counterstep.http.tokens import mint
from httpx2 import ASGITransport, AsyncClient
from infra.launcher import Stack
from infra.machine.environment import base_environment
from infra.machine.ports import Ports
from infra.machine.waiting import until_ready

NOWHERE = "http://127.0.0.1:1"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of which the control room alone runs, after an earlier one that was killed left its socket."""
    stack = Stack(tmp_path_factory.mktemp("control") / "home", Ports(), {})
    stack.home.create()
    stack.control.socket.touch(mode=0o644)
    stack.home.log("order").write_text("2026-11-29T12:00:02Z [warning  ] <b>slow</b>\n")
    command = stack.control.part().command
    environment = base_environment(stack.home)
    with subprocess.Popen(command, env=environment, cwd=stack.home.path) as process:  # noqa: S603 - our own
        asyncio.run(until_ready(stack.control.part().missing, within=60))
        yield stack
        process.terminate()


@pytest.fixture
async def console(stack: Stack) -> AsyncIterator[AsyncClient]:
    told = {
        "service_urls": dict.fromkeys(SERVICES, NOWHERE),
        "management_url": NOWHERE,
        "management_user": "nobody",
        "management_password": "nothing",
        "console_token": token(stack, Role.VIEWER),
        "control_socket": stack.control.socket,
    }
    app = application(Settings.model_validate(told))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as client,
    ):
        yield client


def token(stack: Stack, role: Role) -> str:
    return mint(stack.home.secret("jwt"), issuer=SHOP.name, subject="grace", role=role, ttl=timedelta(minutes=5))


async def test_an_operator_who_stopped_every_service_can_sign_in_read_and_act(
    stack: Stack, console: AsyncClient
) -> None:
    assert stat.S_IMODE(stack.control.socket.stat().st_mode) == 0o600
    forged = mint("f" * 32, issuer=SHOP.name, subject="mallory", role=Role.OPERATOR, ttl=timedelta(minutes=5))
    for signed, status in ((forged, 401), (token(stack, Role.OPERATOR), 303)):
        assert (await console.post("/session", data={"token": signed}, headers=FROM_HERE)).status_code == status
    assert '<a href="/processes/postgres">postgres</a>' in (await console.get("/processes")).text
    assert "No service can read or write." in (await console.get("/processes/postgres")).text
    assert "&lt;b&gt;slow&lt;/b&gt;" in (await console.get("/logs")).text
    assert "there is no part secrets; the parts are epmd" in (await console.get("/processes/secrets")).text


async def test_a_forged_cookie_reads_no_log(console: AsyncClient) -> None:
    forged = mint("f" * 32, issuer=SHOP.name, subject="mallory", role=Role.OPERATOR, ttl=timedelta(minutes=5))
    console.cookies.set(COOKIE, forged)
    page = (await console.get("/logs")).text
    assert "slow" not in page
    assert "the token is not valid" in page


async def test_who_has_not_signed_in_sees_processes_and_no_log(console: AsyncClient) -> None:
    assert "postgres" in (await console.get("/processes")).text
    page = (await console.get("/logs")).text
    assert ("slow" in page, "Sign in</a> to read them" in page) == (False, True)
