"""What stopping a part does, said before it is done; and which parts are never stopped from here."""

from typing import Final

from infra.components.console import CONSOLE
from infra.components.control import Control
from infra.components.traces import Traces

ORCHESTRATOR: Final = "orchestrator"

_EFFECTS: Final = {
    CONSOLE: (
        "This is the console itself. It cannot be stopped from here, because nobody could start it again."
        " While it restarts, this page is away for some seconds, and comes back by itself."
    ),
    Control.name: (
        "This part reads the logs and starts and stops the others for this page, so it is neither stopped nor"
        " restarted from here. If it ends, the supervisor starts it again."
    ),
    "postgres": (
        "No service can read or write. Requests are answered 503, no order is accepted, and every saga stands"
        " still. What was committed is kept, and all of it goes on when PostgreSQL runs again. The console shows"
        " no sagas meanwhile; this page and the logs stay."
    ),
    "rabbitmq": (
        "No message is delivered. Orders are still accepted; their messages wait in the outboxes, and the sagas"
        " stand still until RabbitMQ runs again. The services are not ready meanwhile. Nothing is lost."
    ),
    "epmd": (
        "RabbitMQ goes on, but its command-line tools do not find it, and it cannot start again until epmd runs."
    ),
    Traces.name: "Spans sent meanwhile are lost, and links to traces do not open. Orders are not affected.",
    ORCHESTRATOR: (
        "No saga begins or goes on. Orders are still accepted and wait in the queue, and go on when it runs again."
        " The console shows no sagas meanwhile."
    ),
    "order": (
        "No order is accepted, and orders cannot be read. Sagas stand still where they need this service. Its"
        " messages wait in its queue."
    ),
}


def effect(service: str, others: int) -> str:
    """What stopping this part does, while `others` more processes of its service run."""
    if others:
        return f"The other processes of {service} that run ({others}) take over its work. Nothing waits."
    return _EFFECTS.get(
        service,
        f"Commands for {service} wait in its queue, and sagas that need it wait, or turn back when their time is"
        " up. Its HTTP API does not answer. No message is lost.",
    )
