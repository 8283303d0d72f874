"""Sagas lack isolation: each countermeasure that stands in for it, and the harm that is done without it."""
