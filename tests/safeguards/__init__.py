"""Each safeguard of the platform's tables, on a real database: what would happen if it were taken out."""
