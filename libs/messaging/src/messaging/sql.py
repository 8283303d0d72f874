"""The platform's own statements: few, fixed and set-based, inside the same transaction as the domain's rows."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession


class Sql(Protocol):
    """Run one statement with `$1`-style arguments and give its rows."""

    async def __call__(self, statement: str, *arguments: Any) -> Sequence[Any]: ...


def inside(session: AsyncSession) -> Sql:
    """Statements that run inside the session's transaction."""

    async def run(statement: str, *arguments: Any) -> Sequence[Any]:
        connection = await session.connection()
        result = await connection.exec_driver_sql(statement, arguments)
        return result.all() if result.returns_rows else ()

    return run
