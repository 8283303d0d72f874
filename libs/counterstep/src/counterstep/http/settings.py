"""Settings come from the environment, and then from the dotenv file that COUNTERSTEP_ENV_FILE names."""

import os
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AmqpDsn,
    AnyHttpUrl,
    AnyUrl,
    Field,
    Secret,
    SecretStr,
    UrlConstraints,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from counterstep.http.telemetry_settings import TelemetrySettings
from counterstep.http.wording import in_words

ENV_FILE = "COUNTERSTEP_ENV_FILE"
SHORTEST_SECRET = 32

KNOWN_PASSWORDS = frozenset({"admin", "changeme", "guest", "password", "postgres", "rabbitmq", "secret"})

DatabaseUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["postgresql"], host_required=True)]
Address = TypeVar("Address", bound=AnyUrl)


def _own_password_in_production(address: Secret[Address], info: ValidationInfo) -> Secret[Address]:
    url = address.get_secret_value()
    guessable = url.password in {None, url.username, *KNOWN_PASSWORDS}
    if guessable and info.data.get("mode") != "local":
        raise ValueError("its password is missing, or one that everybody knows; make one up for this user alone")
    return address


def _strong_in_production(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    weak = len(secret.get_secret_value().encode()) < SHORTEST_SECRET
    if weak and info.data.get("mode") != "local":
        raise ValueError(f"give it at least {SHORTEST_SECRET} bytes, for example from `openssl rand -hex 32`")
    return secret


def _only_in_local_mode(enabled: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's signature
    if enabled and info.data.get("mode") != "local":
        raise ValueError("fault switches are for MODE=local only")
    return enabled


class EnvironmentSettings(BaseSettings):
    """Settings that a process reads once, from its environment."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    @classmethod
    def load(cls) -> Self:
        """Read the settings, or exit with one line that names each variable that is missing or wrong."""
        try:
            return cls(_env_file=os.environ.get(ENV_FILE))
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {in_words(e)}" for e in error.errors())
            raise SystemExit(f"cannot start: {wrong}") from None


class CommonSettings(EnvironmentSettings):
    """The settings of every process of a system."""

    mode: Literal["local", "production"] = "production"


class DatabaseSettings(CommonSettings):
    """The settings of the migrations."""

    database_url: Annotated[Secret[DatabaseUrl], AfterValidator(_own_password_in_production)]


class WebSettings(CommonSettings, TelemetrySettings):
    """The settings of every process that answers HTTP."""

    http_host: str = "127.0.0.1"
    http_port: int = Field(ge=0, le=65535)
    http_tls_certificate: Path | None = None
    http_tls_key: Path | None = None
    """The key's file, where the certificate's file does not hold the key too."""
    http_most_connections: int = Field(default=2_000, ge=1)
    """How many connections of clients may be open at once. Fewer are where the limit of open files is lower."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names of this server, as a JSON list, such as `["www.example.com", "*.internal"]`.

    A request that calls it by another name is refused. `localhost`, `127.0.0.1`, `::1`, HTTP_HOST, the name of the
    service and the address at which a connection arrived are always allowed.
    """
    log_format: Literal["console", "json"] = "json"
    trace_ui_url: AnyHttpUrl | None = None
    """The address of Jaeger's pages. A trace's page is `<trace_ui_url>/trace/<trace id>`."""


class ServiceSettings(DatabaseSettings, WebSettings):
    """The settings of every service, read from environment variables of the same names in capitals.

    `DATABASE_URL`, `AMQP_URL`, `JWT_SECRET` and `HTTP_PORT` are required; no secret has a default. Outside of
    `MODE=local` passwords that everybody knows and secrets under 32 bytes are refused. A service that needs more
    inherits from it.

    Units: names that end in `_seconds` are seconds, and addresses are URLs.

    Raises: `SystemExit` from `load`, with one line that names each variable that is missing or wrong.

    ```python
    class Settings(ServiceSettings):
        http_port: int = 8101
        reception_seconds: int = Field(default=600, ge=1)


    settings = Settings.load()
    assert settings.reception_seconds == 600
    ```
    """

    amqp_url: Annotated[Secret[AmqpDsn], AfterValidator(_own_password_in_production)]
    jwt_secret: Annotated[SecretStr, AfterValidator(_strong_in_production)]
    faults_enabled: Annotated[bool, AfterValidator(_only_in_local_mode)] = False
    """Whether operators may inject faults into this process. Only with `MODE=local`."""
    unroutable_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1800.0
    """How long a message whose queue or exchange does not exist is offered, before it goes into quarantine."""
    pack_messages: Annotated[int, Field(ge=1, le=100)] = 1
    """At most this many messages to one address travel as one AMQP message; 1 sends each alone.

    Raise it when every service of the system reads packs, which those of releases before this one do not.
    """


def text(url: AnyHttpUrl | None) -> str | None:
    """The address as text, without a slash at its end."""
    return str(url).rstrip("/") if url else None
