"""The orchestrator as a library, for any registry of sagas: instances, history, deadlines, spans, HTTP API."""
