"""Owns stock and reservations. Handles `ReserveStock`, its compensation `ReleaseStock`, and `CommitStock`."""
