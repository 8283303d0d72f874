"""The platform's tables in a service's database. A service's first migration creates those that it needs.

Every row of inbox and outbox is soon dead, so both are vacuumed after a fixed number of changed rows. PostgreSQL's
default, a share of the table, would let them grow.
"""

from alembic import op

_OUTBOX = """
CREATE TABLE outbox (
    position     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id   uuid NOT NULL,
    saga_id      uuid NOT NULL,
    type         text NOT NULL,
    exchange     text NOT NULL,
    routing_key  text NOT NULL,
    headers      jsonb NOT NULL,
    body         bytea NOT NULL,
    written_at   timestamptz NOT NULL DEFAULT now(),
    lease        uuid NOT NULL,
    leased_until timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
"""

_INBOX = """
CREATE TABLE inbox (
    saga_id     uuid NOT NULL,
    step        text NOT NULL,
    direction   text NOT NULL,
    reply_type  text NOT NULL,
    reply       bytea NOT NULL,
    owed_to     jsonb,
    answered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (saga_id, step, direction)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)
"""


_DEAD_LETTERS = """
CREATE TABLE dead_letters (
    message_id      uuid PRIMARY KEY,
    saga_id         uuid NOT NULL,
    type            varchar NOT NULL,
    origin          varchar NOT NULL,
    reason          varchar NOT NULL,
    headers         varchar NOT NULL,
    body            bytea NOT NULL,
    deaths          integer NOT NULL,
    status          varchar NOT NULL CHECK (status IN ('waiting', 'replayed', 'discarded')),
    died_at         timestamptz NOT NULL,
    settled_by      varchar,
    settled_because varchar
)
"""


def create_dead_letters() -> None:
    """Create the table of messages that could not be handled, which an operator redrives or discards.

    Every service needs it. Raises the database's error where the table exists already.

    ```python
    def upgrade() -> None:
        create_dead_letters()
    ```
    """
    op.execute(_DEAD_LETTERS)
    op.execute("CREATE INDEX dead_letters_waiting ON dead_letters (message_id) WHERE status = 'waiting'")


def create_outbox() -> None:
    """Create the table of messages that are committed and not yet confirmed by the broker.

    Every service needs it. Raises the database's error where the table exists already.

    ```python
    def upgrade() -> None:
        create_outbox()
    ```
    """
    op.execute(_OUTBOX)


def create_inbox() -> None:
    """Create the table of answered commands with their replies.

    Every participant needs it: a command that comes again gets the stored reply. `owed_to` holds the headers of a
    deferred reply. Raises the database's error where the table exists already.

    ```python
    def upgrade() -> None:
        create_inbox()
    ```
    """
    op.execute(_INBOX)
    op.execute("CREATE INDEX inbox_answered_at ON inbox USING brin (answered_at)")
