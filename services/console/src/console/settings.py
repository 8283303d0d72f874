"""What the console must be told."""

from pathlib import Path

from chassis.settings import WebSettings
from pydantic import AnyHttpUrl, SecretStr


class Settings(WebSettings):
    """Where the others are, and a token that lets the console look at all of them and change nothing."""

    http_port: int = 8000
    order_url: AnyHttpUrl
    inventory_url: AnyHttpUrl
    payment_url: AnyHttpUrl
    orchestrator_url: AnyHttpUrl
    management_url: AnyHttpUrl
    """RabbitMQ's management API, and who asks it."""
    management_user: str
    management_password: SecretStr
    console_token: SecretStr
    """Of the role `viewer`. Acts are done with the token of whoever signed in, never with this one."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names under which it may be asked: a page of elsewhere must not reach it under a name of its own."""
    tls_authority: Path | None = None
    """The certificate that the others' are checked against, where they speak TLS."""
