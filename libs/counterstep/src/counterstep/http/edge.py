"""What stands before an application, so that no answer goes around it."""

from collections.abc import Iterable

from fastapi import FastAPI
from starlette.types import ASGIApp

from counterstep.http.hosts import LOOPBACK_NAMES, HostCheck
from counterstep.http.redirects import RelativeRedirects
from counterstep.http.security_headers import SecurityHeaders


def guard(app: FastAPI, hosts: Iterable[str]) -> None:
    """Check the `Host` of every request, make redirects relative, and put the security headers on every answer.

    `hosts` are the names of the server, beside those of the loopback interface. Starlette answers an unforeseen
    exception outside of the middleware that `add_middleware` adds, so that one would miss these answers.
    """
    stack_of_application = app.build_middleware_stack

    def build_middleware_stack() -> ASGIApp:
        checked = HostCheck(RelativeRedirects(stack_of_application()), [*LOOPBACK_NAMES, *hosts])
        return SecurityHeaders(checked)

    app.build_middleware_stack = build_middleware_stack  # type: ignore[method-assign] # the one place outside of it
