"""The services' outboxes, over their public APIs."""

from collections.abc import Mapping

from pydantic import BaseModel

from infra.public_api import PublicApi


class Outbox(BaseModel, frozen=True):
    """Messages that wait to be published, the age of the oldest, and those that the broker would not take."""

    waiting: int
    oldest_seconds: float
    refused: int


def outboxes(api: PublicApi, services: Mapping[str, str]) -> dict[str, Outbox]:
    """Ask these services (name → address). Raises Failure."""
    return {name: Outbox.model_validate(api.get(f"{url}/outbox")) for name, url in services.items()}
