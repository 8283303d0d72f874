"""Alembic runs this for every command."""

from counterstep.migrations import migrate

migrate()
