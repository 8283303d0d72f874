"""Owns stock and reservations. Hears `ReserveStock`, its undo `ReleaseStock`, and `CommitStock`."""
