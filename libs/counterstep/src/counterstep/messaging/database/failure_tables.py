"""The tables of messages that could not be handled, and of those that may have killed their process."""

from alembic import op

from counterstep.messaging.database.old_rows import MOVE_FROM_OUTBOX

_RETRIES = """
CREATE TABLE retries (
    fingerprint uuid PRIMARY KEY,
    queue       text NOT NULL,
    message_id  uuid NOT NULL,
    saga_id     uuid NOT NULL,
    type        text NOT NULL,
    exchange    text NOT NULL,
    routing_key text NOT NULL,
    headers     text NOT NULL,
    body        bytea NOT NULL,
    failures    integer NOT NULL,
    reason      text NOT NULL,
    not_before  timestamptz NOT NULL,
    lease       uuid
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
"""

_SUSPECTS = """
CREATE TABLE suspects (
    fingerprint uuid PRIMARY KEY,
    holder      uuid NOT NULL,
    deaths      integer NOT NULL,
    seen_at     timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
"""

_DEAD_LETTERS = """
ALTER TABLE dead_letters
    ADD COLUMN claimed_id uuid, ADD COLUMN fingerprint uuid, ADD COLUMN sender varchar,
    ADD COLUMN failures integer, ADD COLUMN exchange varchar, ADD COLUMN routing_key varchar
"""


def create_retries() -> None:
    """Create the table of messages that are to be handled again, and of those that may have killed their process.

    Every service needs it, after `create_outbox()` and `create_dead_letters()`, which it extends. What an earlier
    release has written to the outbox for a retry queue, or for the queue of dead letters, is moved.

    Units: none.

    Raises: the database's error where the tables exist already, and where those that it extends do not.

    ```python
    def upgrade() -> None:
        create_retries()
    ```
    """
    op.execute(_RETRIES)
    op.execute("CREATE INDEX retries_due ON retries (queue, not_before)")
    op.execute(_SUSPECTS)
    op.execute(_DEAD_LETTERS)
    op.execute(MOVE_FROM_OUTBOX)
