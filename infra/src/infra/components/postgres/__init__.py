"""PostgreSQL: its programs, where its data are, its settings, and the databases of the services."""
