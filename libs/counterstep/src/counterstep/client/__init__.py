"""The platform's HTTP APIs for programs that call them: sagas, dead letters, outboxes, inboxes, faults, health.

A request is a value. `Client` sends it and blocks; `AsyncClient` awaits it. Both return the same typed answer:

```python
from counterstep.client import Client, sagas

with Client({"orchestrator": "http://127.0.0.1:8003"}, token) as services:
    found = services.send("orchestrator", sagas.read(saga_id))
    print(found.status, found.reason)
```

`ProblemError` says that a service refused the request, `UnavailableError` that it gave no usable answer; both are
an `ApiError`. Needs the extra `counterstep[client]`.
"""

from counterstep.client import boxes, dead_letters, faults, operations, parts, quarantine, sagas
from counterstep.client.clients import AsyncClient, Client
from counterstep.client.errors import ApiError, ProblemError, UnavailableError
from counterstep.client.request import LONGEST_PAGE, Page, Request

__all__ = [
    "LONGEST_PAGE",
    "ApiError",
    "AsyncClient",
    "Client",
    "Page",
    "ProblemError",
    "Request",
    "UnavailableError",
    "boxes",
    "dead_letters",
    "faults",
    "operations",
    "parts",
    "quarantine",
    "sagas",
]
