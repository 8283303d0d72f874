"""The platform's tables in a service's database. A service's first migration creates those that it needs.

Every row of inbox and outbox is soon dead, so both are vacuumed after a fixed number of changed rows. PostgreSQL's
default, a share of the table, would let them grow.
"""

from alembic import op

from counterstep.messaging.database.notices import CHANNEL

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

_REFUSALS = """
ALTER TABLE outbox
    ADD COLUMN refusals integer NOT NULL DEFAULT 0,
    ADD COLUMN returned_since timestamptz
"""

_QUARANTINE = """
CREATE TABLE outbox_quarantine (
    message_id      uuid PRIMARY KEY,
    saga_id         uuid NOT NULL,
    type            varchar NOT NULL,
    exchange        varchar NOT NULL,
    routing_key     varchar NOT NULL,
    headers         jsonb NOT NULL,
    body            bytea NOT NULL,
    written_at      timestamptz NOT NULL,
    reason          varchar NOT NULL,
    tries           integer NOT NULL,
    status          varchar NOT NULL CHECK (status IN ('waiting', 'retried', 'discarded')),
    quarantined_at  timestamptz NOT NULL,
    settled_by      varchar,
    settled_because varchar
)
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


_NOTICE_FUNCTION = """
CREATE FUNCTION {table}_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('{channel}', TG_TABLE_NAME || ' ' || NEW.{key}::text);
    RETURN NULL;
END
$$
"""

_NOTICE_TRIGGER = """
CREATE TRIGGER {table}_notice AFTER UPDATE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {table}_notice()
"""


def create_dead_letters() -> None:
    """Create the table of messages that could not be handled, which an operator redrives or discards.

    Every service needs it.

    Units: none.

    Raises: the database's error where the table exists already.

    ```python
    def upgrade() -> None:
        create_dead_letters()
    ```
    """
    op.execute(_DEAD_LETTERS)
    op.execute("CREATE INDEX dead_letters_waiting ON dead_letters (message_id) WHERE status = 'waiting'")


def create_outbox() -> None:
    """Create the table of messages that are committed and not yet confirmed by the broker.

    Every service needs it.

    Units: none.

    Raises: the database's error where the table exists already.

    ```python
    def upgrade() -> None:
        create_outbox()
    ```
    """
    op.execute(_OUTBOX)


def create_outbox_quarantine() -> None:
    """Create the table of messages that the broker will never take, and let the outbox count refusals.

    Every service needs it, beside its outbox.

    Units: none.

    Raises: the database's error where the table exists already, and where there is no outbox.

    ```python
    def upgrade() -> None:
        create_outbox_quarantine()
    ```
    """
    op.execute(_REFUSALS)
    op.execute("CREATE INDEX outbox_refused ON outbox (saga_id, position) WHERE refusals > 0")
    op.execute(_QUARANTINE)
    op.execute("CREATE INDEX outbox_quarantine_waiting ON outbox_quarantine (message_id) WHERE status = 'waiting'")


def create_inbox() -> None:
    """Create the table of answered commands with their replies.

    Every participant needs it: a command that comes again gets the stored reply. `owed_to` holds the headers of a
    deferred reply.

    Units: none.

    Raises: the database's error where the table exists already.

    ```python
    def upgrade() -> None:
        create_inbox()
    ```
    """
    op.execute(_INBOX)
    op.execute("CREATE INDEX inbox_answered_at ON inbox USING brin (answered_at)")


def create_notices(table: str, *, key: str, when: str) -> None:
    """Send a notice to waiting requests for each row of this table that is updated so that `when` holds.

    `key` is the name of its primary key. `when` compares `OLD` with `NEW`, and should hold once in a row's life.

    Units: none; `when` is SQL.

    Raises: the database's error where the table has notices already, and where there is no such table or column.

    ```python
    def upgrade() -> None:
        create_notices("trips", key="trip_id", when="OLD.status = 'requested' AND NEW.status <> 'requested'")
    ```
    """
    names = {"table": table, "key": key, "when": when, "channel": CHANNEL}
    op.execute(_NOTICE_FUNCTION.format(**names))
    op.execute(_NOTICE_TRIGGER.format(**names))
