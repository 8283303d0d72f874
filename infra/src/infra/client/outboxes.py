"""The services' outboxes, over their public APIs."""

from collections.abc import Mapping

from counterstep.http.views.boxes import OutboxView

from infra.client.public_api import PublicApi


def outboxes(api: PublicApi, services: Mapping[str, str]) -> dict[str, OutboxView]:
    """Ask these services (name → address). Raises Failure."""
    return {name: OutboxView.model_validate(api.get(f"{url}/outbox")) for name, url in services.items()}
