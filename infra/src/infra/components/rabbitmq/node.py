"""A private RabbitMQ node: its own name, cookie, ports and data, on loopback."""

import asyncio
from pathlib import Path
from urllib.parse import quote

import httpx2
from contracts.topology import SHOP

from infra.components.process_spec import ProcessSpec, StartOrder
from infra.components.rabbitmq import conf as rabbitmq_conf
from infra.components.rabbitmq import programs as rabbitmq_programs
from infra.components.rabbitmq import round_trip
from infra.components.rabbitmq.conf import ADMIN, ADVANCED, PLUGINS
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports
from infra.machine.private_file import write_private

NODE = "counterstep@localhost"
# An idle broker stays idle: the Erlang schedulers do not spin while they wait for work.
CALM = "+sbwt none +sbwtdcpu none +sbwtdio none"


class RabbitMQ:
    """One node and the epmd by which Erlang nodes find one another."""

    name = "rabbitmq"

    def __init__(self, home: Home, ports: Ports, host: str = LOOPBACK) -> None:
        self._home = home
        self._host = host
        self._folder = home.path / "rabbitmq"
        self._ports = ports

    @property
    def management_url(self) -> str:
        return f"{self._home.tls.scheme('http')}://{self._host}:{self._ports.management}"

    @property
    def admin(self) -> httpx2.BasicAuth:
        return httpx2.BasicAuth(ADMIN, self._home.secret(f"broker.{ADMIN}"))

    @property
    def users(self) -> dict[str, str]:
        """Who may connect beside the administrator (name → password)."""
        return {name: self._home.secret(f"broker.{name}") for name in (*SHOP.services, SHOP.watcher)}

    def url(self, user: str) -> str:
        """The AMQP address for this user; `admin` is one."""
        password, tls = self._home.secret(f"broker.{user}"), self._home.tls
        address = f"{tls.scheme('amqp')}://{user}:{password}@{self._host}:{self._ports.amqp}/{SHOP.name}"
        return f"{address}?cafile={quote(str(tls.authority))}" if tls.on else address

    def management(self) -> httpx2.AsyncClient:
        """Open the management API as the administrator."""
        return httpx2.AsyncClient(
            base_url=self.management_url, auth=self.admin, timeout=30, **self._home.tls.http()
        )

    def parts(self) -> tuple[ProcessSpec, ProcessSpec]:
        environment = self._environment()
        return (
            ProcessSpec(
                name="epmd",
                start_order=StartOrder.NAMES,
                command=("epmd", "-address", LOOPBACK, "-port", str(self._ports.epmd)),
                ports=("epmd",),
                address=f"{LOOPBACK}:{self._ports.epmd}",
                missing=self._epmd_missing,
                environment=environment,
            ),
            ProcessSpec(
                name=self.name,
                start_order=StartOrder.STORES,
                command=(str(rabbitmq_programs.folder() / "rabbitmq-server"),),
                ports=("amqp", "management", "broker_metrics", "distribution"),
                address=f"{LOOPBACK}:{self._ports.amqp}",
                missing=self._node_missing,
                environment=environment,
                beyond_waiting=self._dead_queues,
            ),
        )

    def configure(self) -> None:
        """Write what the node reads when it starts."""
        tls = self._home.tls
        certificate = Path(self._home.alias.of(tls.certificate(self.name))) if tls.on else None
        settings = rabbitmq_conf.render(self._ports, self._home.secret(f"broker.{ADMIN}"), certificate)
        write_private(self._folder / "rabbitmq.conf", settings)
        write_private(self._folder / "advanced.config", ADVANCED)
        write_private(self._folder / "enabled_plugins", PLUGINS)
        # Erlang reads its cookie from here, and only where nobody else can.
        write_private(self._folder / ".erlang.cookie", self._home.secret("erlang"))

    async def _epmd_missing(self) -> str | None:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, self._ports.epmd)
        except OSError:
            return "it does not answer"
        writer.close()
        return None

    async def _node_missing(self) -> str | None:
        async with self.management() as api:
            try:
                answer = await api.get(f"/api/health/checks/port-listener/{self._ports.amqp}")
                return await round_trip.missing(api) if answer.is_success else answer.text
            except httpx2.TransportError:
                return "the management API does not answer"

    async def _dead_queues(self) -> str | None:
        """Queues that died under their node come back with it: what was confirmed is on the disk."""
        async with self.management() as api:
            try:
                return await round_trip.lasting_fault(api)
            except httpx2.TransportError:  # it starts or stops
                return None

    def _environment(self) -> dict[str, str]:
        folder = self._folder
        return {
            "HOME": str(folder),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self._ports.epmd),
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_DIST_PORT": str(self._ports.distribution),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                f"-noinput {CALM} -kernel inet_dist_use_interface {{127,0,0,1}}"
            ),
            # The script then becomes the broker instead of watching it: the supervised process is the node.
            "RABBITMQ_ALLOW_INPUT": "true",
        }
