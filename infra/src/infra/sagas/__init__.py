"""Sagas as people and programs see them: read over the public APIs, shown in the terminal, acted on."""
