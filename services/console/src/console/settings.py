"""What the console must be told."""

from pathlib import Path
from typing import Annotated

from contracts.topology import SERVICES, ServiceName
from counterstep.http.settings import WebSettings, text
from pydantic import AfterValidator, AnyHttpUrl, SecretStr


def _of_every_service(urls: dict[ServiceName, AnyHttpUrl]) -> dict[ServiceName, AnyHttpUrl]:
    if missing := [name for name in SERVICES if name not in urls]:
        raise ValueError(f"it does not say where {', '.join(missing)} is")
    return urls


class Settings(WebSettings):
    """Where the others are, and a token that lets the console look at all of them and change nothing."""

    http_port: int = 8000
    service_urls: Annotated[dict[ServiceName, AnyHttpUrl], AfterValidator(_of_every_service)]
    """Service → where its HTTP API is, as JSON."""
    management_url: AnyHttpUrl
    """RabbitMQ's management API, and who asks it."""
    management_user: str
    management_password: SecretStr
    console_token: SecretStr
    """Of the role `viewer`. Acts are done with the token of whoever signed in, never with this one."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names under which it may be asked: a page of elsewhere must not reach it under a name of its own."""
    grafana_url: AnyHttpUrl | None = None
    """Where people look at dashboards."""
    tls_authority: Path | None = None
    """The certificate that the others' are checked against, where they speak TLS."""

    @property
    def elsewhere(self) -> dict[str, str]:
        """Other pages that people look at, by what is on them."""
        pages = {"Traces": text(self.trace_ui_url), "Dashboards": text(self.grafana_url)}
        return {name: url for name, url in pages.items() if url}
