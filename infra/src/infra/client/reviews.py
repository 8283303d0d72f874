"""What the commands ask the order service about reviews."""

from itertools import islice
from typing import Final
from uuid import UUID

from counterstep.client import LONGEST_PAGE, Client
from shop_client import Review, ReviewStatus, reviews

REVIEWER: Final = "order"
"""The service whose orders wait for people."""


class Reviews:
    """The reviews of one deployment, for one operator. Every method raises `ApiError` as the client does."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def of_status(self, status: ReviewStatus, *, limit: int) -> list[Review]:
        """The reviews of this status, the newest order first, at most `limit`."""
        request = reviews.browse(status=status, limit=min(limit, LONGEST_PAGE))
        return list(islice(self._client.every(REVIEWER, request), limit))

    def approve(self, order_id: UUID, *, reason: str) -> Review:
        """Let the order go on."""
        return self._client.send(REVIEWER, reviews.approve(order_id, reason=reason))

    def reject(self, order_id: UUID, *, reason: str) -> Review:
        """Reject the order. Its customer reads the reason."""
        return self._client.send(REVIEWER, reviews.reject(order_id, reason=reason))
