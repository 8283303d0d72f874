"""The orchestrator of the shop: the platform's orchestrator, with the sagas of the shop."""
