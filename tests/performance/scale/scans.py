"""Rows that were read by sequential scans: in a table that always grows, each is a missing index."""

from infra.launcher.native.stack import Stack

from performance.scale.made_up import TABLES

SCANNED = "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY($1)"


async def scanned(stack: Stack) -> dict[str, int]:
    """So far, by service and table."""
    found = {}
    for service, tables in TABLES.items():
        async with stack.postgres.databases.session(service) as sql:
            for name, rows in await sql.fetch(SCANNED, [table.name for table in tables]):
                found[f"{service}.{name}"] = rows
    return found
