"""Owns orders, their reviews and the catalogue. Publishes `OrderPlaced`, which starts a saga."""
