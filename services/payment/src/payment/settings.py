"""The settings of the payment service."""

from counterstep.http import ServiceSettings


class Settings(ServiceSettings):
    http_port: int = 8003
