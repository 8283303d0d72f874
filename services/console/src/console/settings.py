"""The console's settings, from environment variables."""

from pathlib import Path
from typing import Annotated

from contracts.topology import SERVICES, ServiceName
from counterstep.http.settings import WebSettings, text
from pydantic import AfterValidator, AnyHttpUrl, SecretStr


def _of_every_service(urls: dict[ServiceName, AnyHttpUrl]) -> dict[ServiceName, AnyHttpUrl]:
    if missing := [name for name in SERVICES if name not in urls]:
        raise ValueError(f"add the address of {', '.join(missing)}")
    return urls


class Settings(WebSettings):
    """The addresses of the other parts, and a token that lets the console read all of them and change nothing."""

    http_port: int = 8000
    service_urls: Annotated[dict[ServiceName, AnyHttpUrl], AfterValidator(_of_every_service)]
    """Service → the address of its HTTP API, as a JSON object."""
    management_url: AnyHttpUrl
    """RabbitMQ's management API; the next two settings are the user that reads it."""
    management_user: str
    management_password: SecretStr
    console_token: SecretStr
    """A token of the role `viewer`. Acts use the token of the person who signed in, never this one."""
    grafana_url: AnyHttpUrl | None = None
    """Grafana, to which the overview links."""
    control_socket: Path | None = None
    """The Unix socket of the control room, which reads logs and starts and stops parts; none in containers."""
    tls_authority: Path | None = None
    """The certificate authority of the other parts, where they use TLS."""

    @property
    def elsewhere(self) -> dict[str, str]:
        """Title → address of the pages that the overview links to."""
        pages = {"Traces": text(self.trace_ui_url), "Dashboards": text(self.grafana_url)}
        return {name: url for name, url in pages.items() if url}
