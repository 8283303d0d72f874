"""What the commands ask the services: questions that need more than one request of `counterstep.client`."""

from infra.client.dead_letters import DeadLetters
from infra.client.errors import user_error_of
from infra.client.quarantine import Quarantine
from infra.client.reviews import REVIEWER, Reviews
from infra.client.sagas import Sagas

__all__ = [
    "REVIEWER",
    "DeadLetters",
    "Quarantine",
    "Reviews",
    "Sagas",
    "user_error_of",
]
