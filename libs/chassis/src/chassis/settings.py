"""Settings come from the environment, then from the dotenv file that COUNTERSTEP_ENV_FILE names."""

import os
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AmqpDsn,
    AnyUrl,
    Field,
    Secret,
    SecretStr,
    UrlConstraints,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

ENV_FILE = "COUNTERSTEP_ENV_FILE"
SHORTEST_SECRET = 32

DatabaseUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["postgresql"], host_required=True)]


def _strong_in_production(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    weak = len(secret.get_secret_value().encode()) < SHORTEST_SECRET
    if weak and info.data.get("mode") != "local":
        raise ValueError(f"give it at least {SHORTEST_SECRET} bytes, for example from `openssl rand -hex 32`")
    return secret


class DatabaseSettings(BaseSettings):
    """What the migrations must be told."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: Secret[DatabaseUrl]


class ServiceSettings(DatabaseSettings):
    """What every service must be told. There is no default secret, so none can be left in place."""

    mode: Literal["local", "production"] = "production"
    http_host: str = "127.0.0.1"
    http_port: int = Field(ge=0, le=65535)
    amqp_url: Secret[AmqpDsn]
    jwt_secret: Annotated[SecretStr, AfterValidator(_strong_in_production)]
    log_format: Literal["console", "json"] = "json"
    otel_exporter_otlp_endpoint: str | None = None


Settings = TypeVar("Settings", bound=BaseSettings)


def load(settings: type[Settings]) -> Settings:
    """Read them, or exit with one line that names each variable that is missing or wrong."""
    try:
        return settings(_env_file=os.environ.get(ENV_FILE))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SystemExit(f"cannot start: {wrong}") from None
