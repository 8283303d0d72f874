"""Metrics and spans of messages."""
