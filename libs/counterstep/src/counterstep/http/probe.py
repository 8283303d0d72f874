"""`python -m counterstep.http.probe`: a container's health check. It succeeds if the service is ready.

It imports as little as it can, because it is run every few seconds.
"""

import os
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from dotenv import dotenv_values

ENV_FILE = "COUNTERSTEP_ENV_FILE"
TIMEOUT_SECONDS = 4  # seconds


def readiness(port: int) -> str | None:
    """What the service on this port of this machine still needs to be ready; `None` if nothing."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        return None if answer.status == HTTPStatus.OK else answer.read().decode()
    except (OSError, HTTPException) as error:
        return f"port {port} does not answer: {error}"
    finally:
        connection.close()


if __name__ == "__main__":
    settings = {**dotenv_values(os.environ.get(ENV_FILE)), **os.environ}
    raise SystemExit(readiness(int(settings["HTTP_PORT"] or 0)))
