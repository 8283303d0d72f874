"""Alembic runs this for every command; the import gives it the tables to compare with."""

from counterstep.migrations import migrate

migrate()
