"""RabbitMQ's settings in `rabbitmq.conf`, as a private node on loopback and in its container alike."""

from pathlib import Path

from contracts.topology import SHOP
from counterstep.protocol.headers import LARGEST_BODY

from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports

ADMIN = "admin"
WAL_BYTES = 64 * 1024 * 1024
LARGEST_MESSAGE = 4 * LARGEST_BODY
"""In bytes. What is larger never arrives. A service makes a dead letter of what is above `LARGEST_BODY`."""
ADVANCED = """\
[{rabbit, [
  {permit_deprecated_features, #{management_metrics_collection => true}},
  {log, [
    {console, [{enabled, true}, {level, info}]},
    {file, [{file, false}]},
    {categories, [{feature_flags, [{level, error}]}]}
  ]}
]}].
"""
"""What `rabbitmq.conf` cannot say in a way that RabbitMQ 3.10 takes, too.

`saga status` and the console read queues and connections from the management API. RabbitMQ 4 warns at each start
that this is deprecated, also where it is permitted. So it is permitted, and this kind of warning is not logged.
"""
PLUGINS = "[rabbitmq_management,rabbitmq_prometheus].\n"


def render(ports: Ports, admin_password: str, certificate: Path | None, host: str = LOOPBACK) -> str:
    """Write the configuration; with a certificate, every listener speaks TLS and nothing else."""
    settings = {
        **(_tls_listeners(ports, host, certificate) if certificate else _plain_listeners(ports, host)),
        # The first start makes this user instead of `guest`; every other user is in the definitions.
        "default_vhost": SHOP.name,
        "default_user": ADMIN,
        "default_pass": admin_password,
        "default_user_tags.administrator": "true",
        # Quorum queues keep in memory what is in their log until it is rolled over: half a gigabyte, if not told.
        "raft.wal_max_size_bytes": WAL_BYTES,
        "max_message_size": LARGEST_MESSAGE,
        "log.console": "true",
        "log.console.level": "info",
        "log.file": "false",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _plain_listeners(ports: Ports, host: str) -> dict[str, object]:
    return {
        "listeners.tcp.1": f"{host}:{ports.amqp}",
        "management.tcp.ip": host,
        "management.tcp.port": ports.management,
        "prometheus.tcp.ip": host,
        "prometheus.tcp.port": ports.broker_metrics,
    }


def _tls_listeners(ports: Ports, host: str, certificate: Path) -> dict[str, object]:
    return {
        "listeners.tcp": "none",
        "listeners.ssl.1": f"{host}:{ports.amqp}",
        "management.ssl.ip": host,
        "management.ssl.port": ports.management,
        "prometheus.ssl.ip": host,
        "prometheus.ssl.port": ports.broker_metrics,
        **_tls("ssl_options", certificate),
        **_tls("management.ssl", certificate),
        **_tls("prometheus.ssl", certificate),
    }


def _tls(listener: str, certificate: Path) -> dict[str, object]:
    return {
        f"{listener}.certfile": certificate,
        f"{listener}.keyfile": certificate,
        f"{listener}.versions.1": "tlsv1.3",
        f"{listener}.versions.2": "tlsv1.2",
    }
