"""SQLAlchemy's session inside a transaction that the platform begins and ends.

The session asks for its connection each time that it runs a statement. So a transaction whose author never uses
the session pays nothing for it, and one that only reads through it never begins (decision 0035).
"""

from typing import Any, cast

from sqlalchemy import ClauseElement, Connection, TextClause, UpdateBase
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import ForUpdateArg, SelectBase
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.util import await_
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from counterstep.messaging.database.database import Lease
from counterstep.messaging.database.plain_rows import plain_mapping

_MAY_LOCK_OR_WRITE = (ForUpdateArg, UpdateBase, FunctionElement, TextClause)
"""Parts of a `SELECT` that may do more than read: `FOR UPDATE`, a CTE that writes, any function, raw SQL."""


class LazySession(Session):
    """A session that takes its transaction's connection when it first runs a statement."""

    def __init__(self, *, lease: Lease, **settings: Any) -> None:
        super().__init__(**settings)
        self._lease = lease

    def get_bind(self, *_: Any, clause: ClauseElement | None = None, **__: Any) -> Connection:
        """SQLAlchemy calls this before each statement, and without a `clause` before it writes changed rows."""
        waiting = self._lease.take() if only_reads(clause) else self._lease.begin()
        # To choose the connection in `get_bind` is SQLAlchemy's documented way. The session's methods are
        # synchronous and run in a greenlet, where `await_` awaits; its dialects do so, too.
        connection = await_(waiting)
        return cast(Connection, connection.orm.sync_connection)


class LazyAsyncSession(AsyncSession):
    """The asynchronous side of a `LazySession`. It reads its first row by key in a third of the time."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(sync_session_class=LazySession, lease=lease, expire_on_commit=False)
        self._lease = lease

    async def get(self, entity: Any, ident: Any, **how: Any) -> Any:
        """The row of this primary key, or `None`.

        A plain row of a session that holds no other is read without SQLAlchemy's loading, and then belongs to the
        session like any other. Whatever is special is left to SQLAlchemy.
        """
        kind: Any = type(ident)
        mapping = plain_mapping(entity, kind)
        if mapping is None or any(how.values()) or self.identity_map or self.new:
            return await super().get(entity, ident, **how)
        connection = await self._lease.take()
        for columns in await connection.sql(mapping.read, ident):
            row = mapping.row(columns)
            make_transient_to_detached(row)
            self.add(row)
            return row
        return None


def lazy_session(lease: Lease) -> AsyncSession:
    """The session of one transaction. Rows stay readable after the commit."""
    return LazyAsyncSession(lease)


def only_reads(clause: ClauseElement | None) -> bool:
    """Whether a statement is a `SELECT` that neither locks nor writes; False where that is not certain."""
    if not isinstance(clause, SelectBase):
        return False
    return not any(isinstance(part, _MAY_LOCK_OR_WRITE) for part in iterate(clause))
