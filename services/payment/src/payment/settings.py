"""What the payment service must be told."""

from counterstep.http import ServiceSettings


class Settings(ServiceSettings):
    http_port: int = 8003
