"""Sagas lack isolation: each countermeasure, and the harm that is done without it."""
