"""The names of Prometheus' scrape jobs: the label `job` of all our metrics."""

from typing import Final

from contracts.topology import SHOP

SERVICES: Final = "|".join(SHOP.services)
"""A pattern: each service is a job of its own name, and all of its replicas belong to it."""

BROKER: Final = "rabbitmq"
DATABASE: Final = "postgres"

QUEUES: Final = "|".join(queue.name.replace(".", r"\\.") for queue in SHOP.consumed_queues())
"""A pattern: every queue that a service must be consuming. In PromQL a backslash is written twice."""
