"""What the private RabbitMQ node is told in `rabbitmq.conf`."""

from pathlib import Path

from messaging.topology import VHOST

from infra.loopback import LOOPBACK
from infra.ports import Ports

ADMIN = "admin"


def render(ports: Ports, admin_password: str, certificate: Path | None) -> str:
    """Write the configuration; with a certificate, every listener speaks TLS and nothing else."""
    settings = {
        **(_tls_listeners(ports, certificate) if certificate else _plain_listeners(ports)),
        # The first start makes this user instead of `guest`; every other user is in the definitions.
        "default_vhost": VHOST,
        "default_user": ADMIN,
        "default_pass": admin_password,
        "default_user_tags.administrator": "true",
        "log.console": "true",
        "log.console.level": "info",
        "log.file": "false",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _plain_listeners(ports: Ports) -> dict[str, object]:
    return {
        "listeners.tcp.1": f"{LOOPBACK}:{ports.amqp}",
        "management.tcp.ip": LOOPBACK,
        "management.tcp.port": ports.management,
        "prometheus.tcp.ip": LOOPBACK,
        "prometheus.tcp.port": ports.broker_metrics,
    }


def _tls_listeners(ports: Ports, certificate: Path) -> dict[str, object]:
    return {
        "listeners.tcp": "none",
        "listeners.ssl.1": f"{LOOPBACK}:{ports.amqp}",
        "management.ssl.ip": LOOPBACK,
        "management.ssl.port": ports.management,
        "prometheus.ssl.ip": LOOPBACK,
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
