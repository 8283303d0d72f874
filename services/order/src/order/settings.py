"""What the order service must be told."""

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    http_port: int = 8001
