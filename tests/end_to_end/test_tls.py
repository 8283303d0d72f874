"""With TLS on, every address speaks TLS and nothing else, to clients that know this home's authority."""

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import aio_pika
import asyncpg
import httpx2
import pytest
from aio_pika.exceptions import AMQPConnectionError
from browser import browsing, needs_browser
from console_page import sign_in
from contracts.topology import SERVICES
from counterstep.http.roles import Role
from infra.components.console import CONSOLE
from infra.launcher.native.stack import Stack
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports
from infra.machine.user_error import UserError
from leftovers import removed_at_last
from playwright.async_api import expect
from port_lock import taking_ports
from shop import PLENTY, Shop
from waiting import eventually
from yarl import URL

HTTP = ("management", *SERVICES, CONSOLE)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A second stack, with TLS."""
    home = tmp_path_factory.mktemp('für Заказы, it\'s "C#" ;and spaces')
    with removed_at_last(home), ExitStack() as at_end:
        with taking_ports():
            stack = Stack(home, Ports.free(), {})
            at_end.callback(stack.clean)
            stack.up(tls=True)
        yield stack


@pytest.fixture
async def shop(secure: Stack) -> AsyncIterator[Shop]:
    async with Shop(secure) as shop:
        yield shop


def address(secure: Stack, listener: str) -> URL:
    others = {"management": secure.broker.management_url, CONSOLE: secure.console.url}
    return URL(others.get(listener) or secure.url(listener))


async def get(url: URL, trust: ssl.SSLContext, *, expecting: str = LOOPBACK) -> httpx2.Response:
    """Ask there for the root, expecting a certificate for that name."""
    async with httpx2.AsyncClient(verify=trust, trust_env=False) as client:
        return await client.get(str(url), extensions={"sni_hostname": expecting})


async def test_an_order_is_confirmed_over_tls(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    assert order["status"] == "confirmed"


async def test_every_connection_of_the_services_is_encrypted(secure: Stack) -> None:
    async with secure.broker.management() as api:

        async def read() -> set[tuple[str, bool]]:
            return {(each["user"], each["ssl"]) for each in (await api.get("/api/connections")).json()}

        await eventually(read, until=lambda seen: seen == {(service, True) for service in SERVICES})


@needs_browser
async def test_the_console_s_pages_are_live_and_its_cookie_stays_with_tls(secure: Stack, shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with browsing() as browser:
        # A browser does not know our authority; that other clients get the right certificate is tested below.
        page = await browser.new_page(base_url=secure.console.url, ignore_https_errors=True)
        await sign_in(page, secure.token(Role.OPERATOR, "grace"), "/shop")
        order_id = await shop.place(ada, {sku: 1})
        await expect(page.locator(f"#order-{order_id} .chip")).to_have_text("confirmed")
        assert [cookie["secure"] for cookie in await page.context.cookies()] == [True]


@pytest.mark.parametrize("listener", HTTP)
async def test_http_in_the_clear_is_refused(secure: Stack, listener: str) -> None:
    with pytest.raises(httpx2.TransportError):
        await get(address(secure, listener).with_scheme("http"), secure.home.tls.context())


@pytest.mark.parametrize("listener", HTTP)
async def test_an_http_client_without_the_authority_turns_away(secure: Stack, listener: str) -> None:
    with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        await get(address(secure, listener), ssl.create_default_context())


@pytest.mark.parametrize("listener", HTTP)
async def test_a_certificate_for_another_name_is_refused(secure: Stack, listener: str) -> None:
    with pytest.raises(httpx2.ConnectError, match=r"not valid for 'elsewhere\.example'"):
        await get(address(secure, listener), secure.home.tls.context(), expecting="elsewhere.example")


async def test_amqp_in_the_clear_is_refused(secure: Stack) -> None:
    with pytest.raises((AMQPConnectionError, TimeoutError)):
        await aio_pika.connect(URL(secure.amqp_url).with_scheme("amqp"), timeout=5)


async def test_an_amqp_client_without_the_authority_turns_away(secure: Stack) -> None:
    with pytest.raises(AMQPConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        await aio_pika.connect(URL(secure.amqp_url).with_query(None))


async def test_postgresql_in_the_clear_is_refused(secure: Stack) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await asyncpg.connect(str(URL(secure.database_url("order")).with_query(sslmode="disable")))


async def test_a_postgresql_client_without_the_authority_turns_away(secure: Stack) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncpg.connect(secure.database_url("order"), ssl=ssl.create_default_context())


def test_keys_are_readable_by_their_owner_alone(secure: Stack) -> None:
    keys = list(secure.home.tls.folder.iterdir())
    assert keys
    assert all(key.stat().st_mode & 0o777 == 0o600 for key in keys)


def test_a_running_stack_does_not_change_its_mind(secure: Stack) -> None:
    with pytest.raises(UserError, match="already running with TLS; type `make down` first"):
        secure.up(tls=False)


def test_up_again_stays_with_tls(secure: Stack) -> None:
    secure.up()
    assert secure.url("order").startswith("https://")
