"""The `saga` command. `app` is its entry point; each command is a module of `infra.cli.commands`."""

from infra.cli.app import app as app
