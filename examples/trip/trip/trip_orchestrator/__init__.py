"""The trip's orchestrator: one saga, and the platform that drives it."""
