"""The settings of the inventory service."""

from counterstep.http import ServiceSettings


class Settings(ServiceSettings):
    http_port: int = 8002
