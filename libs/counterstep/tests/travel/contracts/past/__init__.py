"""Versions that are only read."""
