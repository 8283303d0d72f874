"""What the services have agreed on: every message, each service's side of the talk, and the sagas' definitions."""
