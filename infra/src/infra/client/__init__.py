"""What the commands ask the services: questions that need more than one request of `counterstep.client`."""

from infra.client.dead_letters import DeadLetters
from infra.client.failures import failure_of
from infra.client.sagas import Sagas

__all__ = [
    "DeadLetters",
    "Sagas",
    "failure_of",
]
