"""How SQLAlchemy comes into a transaction that is not of its making: when its session first needs the database."""

from typing import Any, Final, cast

from sqlalchemy import Connection
from sqlalchemy.util import await_only
from sqlmodel import Session

JOIN: Final = "join"
"""Where a session's `info` says how to come to its connection."""


class LazySession(Session):
    """A session that asks for its connection when it first has a statement to run."""

    def get_bind(self, *_: Any, **__: Any) -> Connection:
        connection = await_only(self.info[JOIN]())
        return cast(Connection, connection.orm.sync_connection)
