"""The Docker way to run: every component in a container, by `infra/compose.yaml`."""
