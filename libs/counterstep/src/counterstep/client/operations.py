"""Requests that every service answers: about its health, metrics and messages, and about the caller."""

from typing import Any

from pydantic import BaseModel

from counterstep.client.request import Request
from counterstep.http.roles import Role


class Caller(BaseModel, frozen=True):
    """The person or program that a token speaks for."""

    subject: str
    role: Role


class Readiness(BaseModel, frozen=True):
    """What the service needs: each part is "ok", or says what is wrong with it."""

    status: str
    parts: dict[str, str]


def caller() -> Request[Caller]:
    """Whom the token speaks for. The answer is a 401 problem where the token is not valid."""
    return Request("GET", "/caller", Caller)


def readiness() -> Request[Readiness]:
    """Whether the service can work. `UnavailableError` says that it answers and is not ready."""
    return Request("GET", "/health/ready", Readiness)


def metrics() -> Request[str]:
    """The service's metrics in Prometheus's text format; read it with `AsyncClient.text`."""
    return Request("GET", "/metrics", str)


def asyncapi() -> Request[dict[str, Any]]:
    """The AsyncAPI document of the messages that the service publishes and consumes."""
    return Request("GET", "/asyncapi", dict[str, Any])
