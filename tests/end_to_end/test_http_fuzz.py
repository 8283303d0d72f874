"""Requests as no client should send them, to every operation of every service: none finds a bug.

`HTTP_FUZZ_REQUESTS=5000 .venv/bin/pytest tests/end_to_end/test_http_fuzz.py` sends more of them to each service.
"""

import os

import httpx2
import pytest
from contracts.topology import SERVICES
from counterstep.http.roles import Role
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from infra.launcher.native.stack import Stack
from strange_requests import StrangeRequest, strange_requests

REQUESTS = int(os.environ.get("HTTP_FUZZ_REQUESTS", "200"))
BUG = 500


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_is_answered_with_a_bug(stack: Stack, service: str) -> None:
    bearer = (b"Authorization", f"Bearer {stack.token(Role.OPERATOR, 'tester')}".encode())
    with httpx2.Client(base_url=stack.url(service), timeout=30, verify=stack.home.tls.context()) as client:

        @examples(max_examples=REQUESTS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(strange_requests(service))
        def is_answered(request: StrangeRequest) -> None:
            answer = client.request(
                request.method, request.target, headers=[bearer, *request.headers], content=request.body
            )
            assert answer.status_code < BUG, answer.text
            assert "Traceback" not in answer.text

        is_answered()
        assert client.get("/health/ready").status_code == 200
