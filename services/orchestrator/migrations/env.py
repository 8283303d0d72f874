"""Alembic runs this for every command; the import gives it the tables to compare with."""

from counterstep.http.migrations import migrate

migrate()
