"""The dashboard of PostgreSQL: transactions, connections, locks and size."""

from typing import Final

from counterstep.monitoring.thresholds import LONG_TRANSACTION_SECONDS, NEARLY_FULL

from infra.monitoring.dashboards.board import Board, Section
from infra.monitoring.dashboards.panel import Panel
from infra.monitoring.dashboards.queries import per_second
from infra.monitoring.jobs import SERVICES

_OURS: Final = f'{{datname=~"{SERVICES}"}}'  # a database for each service, of its name

_AT_A_GLANCE: Final = (
    Panel(
        "PostgreSQL answers",
        "0: no service can work, and nothing that was accepted is lost. Runbook: database-away.",
        "none",
        {"up": "min(pg_up)"},
        kind="figure",
        width=6,
        below=1,
    ),
    Panel(
        "Connections in use",
        "The share of max_connections, over all clients. Runbook: connections.",
        "percentunit",
        {"taken": "sum(pg_stat_activity_count) / max(pg_settings_max_connections)"},
        kind="figure",
        width=6,
        above=NEARLY_FULL,
    ),
    Panel(
        "Longest transaction",
        "The services' transactions take less than a second. A longer one blocks others. Runbook: locks.",
        "s",
        {"longest": "max(pg_stat_activity_max_tx_duration)"},
        kind="figure",
        width=6,
        above=LONG_TRANSACTION_SECONDS,
    ),
    Panel(
        "Size of the databases",
        "All four databases. Old rows of the history and the inbox are pruned.",
        "bytes",
        {"size": f"sum(pg_database_size_bytes{_OURS})"},
        kind="figure",
        width=6,
    ),
)

_WORK: Final = (
    Panel(
        "How many transactions commit?",
        "By database. A batch of messages is one transaction.",
        "ops",
        {"{{datname}}": per_second("pg_stat_database_xact_commit", "datname", where=_OURS)},
    ),
    Panel(
        "How many are rolled back?",
        "Failed handlers, concurrency conflicts and lock timeouts. All are"
        " retried. The service's log has the cause.",
        "ops",
        {"{{datname}}": per_second("pg_stat_database_xact_rollback", "datname", where=_OURS)},
    ),
    Panel(
        "How many rows are written?",
        "Rows per second, over all four databases.",
        "ops",
        {
            "inserted": per_second("pg_stat_database_tup_inserted", where=_OURS),
            "updated": per_second("pg_stat_database_tup_updated", where=_OURS),
            "deleted": per_second("pg_stat_database_tup_deleted", where=_OURS),
        },
    ),
)

_WAITING: Final = (
    Panel(
        "How many connections are open?",
        "By database. A full pool shows as a flat line. Runbook: connections.",
        "short",
        {"{{datname}}": f"sum by (datname) (pg_stat_activity_count{_OURS})"},
    ),
    Panel(
        "What do connections do?",
        "`idle in transaction` for long holds locks and does nothing. Runbook: locks.",
        "short",
        {"{{state}}": f"sum by (state) (pg_stat_activity_count{_OURS}) > 0"},
        stacked=True,
    ),
    Panel(
        "How long is the longest transaction?",
        "By database. Runbook: locks.",
        "s",
        {"{{datname}}": f"max by (datname) (pg_stat_activity_max_tx_duration{_OURS})"},
        above=LONG_TRANSACTION_SECONDS,
    ),
    Panel(
        "How many locks are held?",
        "By mode. Row locks are not shown here. `accessexclusivelock` is a migration.",
        "short",
        {"{{mode}}": f"sum by (mode) (pg_locks_count{_OURS}) > 0"},
        stacked=True,
    ),
    Panel(
        "Are there deadlocks?",
        "In the last ten minutes. The aborted transaction is retried; many of them cost time. Runbook: locks.",
        "short",
        {"{{datname}}": f"sum by (datname) (increase(pg_stat_database_deadlocks{_OURS}[10m]))"},
        above=1,
    ),
    Panel(
        "Is the cache large enough?",
        "Share of blocks found in shared_buffers. If it stays below 95 %, add memory.",
        "percentunit",
        {
            "{{datname}}": per_second("pg_stat_database_blks_hit", "datname", where=_OURS)
            + f" / ({per_second('pg_stat_database_blks_hit', 'datname', where=_OURS)}"
            + f" + {per_second('pg_stat_database_blks_read', 'datname', where=_OURS)})"
        },
    ),
)

_SIZE: Final = (
    Panel(
        "Do the databases grow?",
        "They grow with the sagas' history until old rows are pruned as fast as new ones are written.",
        "bytes",
        {"{{datname}}": f"max by (datname) (pg_database_size_bytes{_OURS})"},
        width=12,
    ),
    Panel(
        "Do queries spill to disk?",
        "Bytes per second written to temporary files, by queries that need more than work_mem.",
        "bytes",
        {"{{datname}}": per_second("pg_stat_database_temp_bytes", "datname", where=_OURS)},
        width=12,
    ),
)

POSTGRESQL: Final = Board(
    uid="postgresql",
    title="PostgreSQL",
    about="Do transactions commit, and does any transaction block others?",
    sections=(
        Section("Does anything need attention?", _AT_A_GLANCE),
        Section("Is work being done?", _WORK),
        Section("Are transactions waiting?", _WAITING),
        Section("Is there enough space?", _SIZE),
    ),
)
