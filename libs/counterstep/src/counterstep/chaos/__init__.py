"""Faults on purpose: heard on `control`, made around the service's own work, unknown to all of it."""
