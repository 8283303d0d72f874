"""For alembic: what a service's `migrations/env.py` runs, and the tables that its revisions create."""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.migrations import migrate
    from counterstep.messaging.database.failure_tables import create_retries
    from counterstep.messaging.database.tables import (
        create_dead_letters,
        create_inbox,
        create_notices,
        create_outbox,
        create_outbox_quarantine,
    )
    from counterstep.orchestration.tables import create_instances, extend_instances
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "http.migrations": ("migrate",),
            "messaging.database.failure_tables": ("create_retries",),
            "messaging.database.tables": (
                "create_dead_letters",
                "create_inbox",
                "create_notices",
                "create_outbox",
                "create_outbox_quarantine",
            ),
            "orchestration.tables": ("create_instances", "extend_instances"),
        },
    )

__all__ = [
    "create_dead_letters",
    "create_inbox",
    "create_instances",
    "create_notices",
    "create_outbox",
    "create_outbox_quarantine",
    "create_retries",
    "extend_instances",
    "migrate",
]
