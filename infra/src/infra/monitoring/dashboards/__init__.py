"""The dashboards, the start page first."""

from typing import Final

from infra.monitoring.dashboards.messaging import MESSAGING
from infra.monitoring.dashboards.postgresql import POSTGRESQL
from infra.monitoring.dashboards.rabbitmq import RABBITMQ
from infra.monitoring.dashboards.saga_overview import SAGA_OVERVIEW

ALL: Final = (SAGA_OVERVIEW, MESSAGING, RABBITMQ, POSTGRESQL)
