"""A service's process: it answers HTTP, consumes messages and publishes its outbox until it is terminated."""

from functools import partial

from fastapi import APIRouter

from counterstep.http.server import serve_web
from counterstep.http.settings import ServiceSettings
from counterstep.messaging.consumer.consuming import Consumer
from counterstep.service.application import application


def serve(consumer: Consumer, router: APIRouter, settings: ServiceSettings) -> None:
    """Run a service until SIGTERM: its consumers, its outbox, and its API with health, metrics and documentation.

    `consumer` is a `Participant` or an `Orchestrator`. A broker or a database that is away is waited for:
    `/health/ready` says which.

    Units: none of its own; those of the settings.

    Raises: `SystemExit`, with one line, where the port is taken or the TLS certificate cannot be read.

    ```python
    if __name__ == "__main__":
        serve(agency, router, ServiceSettings.load())
    ```
    """
    serve_web(consumer.name, partial(application, consumer, router, settings), settings)
