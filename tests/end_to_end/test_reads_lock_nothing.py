"""Looking changes nothing and holds nobody up: every GET answers while others hold every row of every table."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest
import yaml
from api_documents import FOLDER
from contracts.topology import SERVICES
from infra.launcher.native.stack import Stack
from shop import Shop

SOON: Final = 5.0
"""In seconds: less than a statement waits for a lock before it fails."""

TABLES: Final = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def reads(service: str) -> Iterator[str]:
    """The paths of the service's GETs, with a value for each parameter; nothing need be there."""
    document: dict[str, Any] = yaml.safe_load((FOLDER / f"{service}.openapi.yaml").read_text())
    for path, operations in document["paths"].items():
        if operation := operations.get("get"):
            yield path.format_map(
                {each["name"]: _value(each["schema"]) for each in operation.get("parameters", ())}
            )


def _value(schema: dict[str, Any]) -> str:
    return str(uuid4()) if schema.get("format") == "uuid" else "lamp"


@pytest.mark.parametrize("service", SERVICES)
async def test_a_get_waits_for_no_lock(service: str, stack: Stack, shop: Shop) -> None:
    async with stack.postgres.databases.session(service) as sql, sql.transaction():
        tables = ", ".join([table for (table,) in await sql.fetch(TABLES)])
        # Of all that a statement may do, this mode lets it only read: not even lock a row, be there one or none.
        await sql.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        for path in reads(service):
            async with asyncio.timeout(SOON):
                answer = await shop.call("GET", service, path)
            assert answer.status_code in {200, 404}, (path, answer.text)
