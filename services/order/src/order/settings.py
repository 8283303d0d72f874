"""The settings of the order service."""

from counterstep.http import ServiceSettings


class Settings(ServiceSettings):
    http_port: int = 8001
