"""A service's own database: connections, statements and the mapping between rows and tables."""
