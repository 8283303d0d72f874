"""Ids of what was made long ago."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7


def id_of(days_ago: int) -> UUID:
    """A uuid7 of that time (RFC 9562, section 5.7): its milliseconds, and what makes it unlike any other."""
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    return UUID(int=round(1000 * moment.timestamp()) << 80 | uuid7().int % 2**80)
