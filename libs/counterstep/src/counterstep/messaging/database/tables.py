"""The tables that every service's database has, for its first migration.

Inbox and outbox are written all day, so they are vacuumed by rows changed, not by a share of their size.
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
    """Messages that could not be handled, until an operator has settled each."""
    op.execute(_DEAD_LETTERS)
    op.execute("CREATE INDEX dead_letters_waiting ON dead_letters (message_id) WHERE status = 'waiting'")


def create_outbox() -> None:
    """Messages that are committed and not yet confirmed by the broker."""
    op.execute(_OUTBOX)


def create_inbox() -> None:
    """Every command answered, by (saga, step, direction), with its reply; `owed_to`: where a later one goes."""
    op.execute(_INBOX)
    op.execute("CREATE INDEX inbox_answered_at ON inbox USING brin (answered_at)")
