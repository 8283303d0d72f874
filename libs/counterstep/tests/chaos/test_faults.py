"""Fault switches over HTTP, with neither database nor broker."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from counterstep.chaos.switches import FaultSwitches
from counterstep.http.roles import Role
from counterstep.http.settings import ServiceSettings
from counterstep.http.views.problem import MEDIA_TYPE
from counterstep.messaging.participant.participant import Participant
from counterstep.protocol.control import Faults, SwitchFaults
from counterstep.service.http_faults import HttpFaults
from counterstep.service.testing import Bearer, offline
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import ValidationError
from travel.topology import TRAVEL

CUSTOMER = Bearer("ada", Role.CUSTOMER)
OPERATOR = Bearer("grace", Role.OPERATOR)
ON = {"services": ["hotel"], "faults": {"refuses": 1}, "reason": "to see it"}


@pytest.fixture
async def plain() -> AsyncIterator[AsyncClient]:
    async with offline(Participant("hotel", TRAVEL), APIRouter()) as client:
        yield client


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with offline(Participant("hotel", TRAVEL), APIRouter(), mode="local", faults_enabled=True) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_where_they_are_not_enabled_there_are_no_switches(plain: AsyncClient, method: str) -> None:
    answer = await plain.request(method, "/faults", auth=OPERATOR)
    assert answer.status_code == 404
    assert "FAULTS_ENABLED=true" in answer.json()["detail"]


async def test_where_they_are_not_enabled_nothing_is_switched_on(plain: AsyncClient) -> None:
    assert (await plain.post("/faults", json=ON, auth=OPERATOR)).status_code == 404


async def test_a_customer_may_not_switch_faults(client: AsyncClient) -> None:
    assert (await client.post("/faults", json=ON, auth=CUSTOMER)).status_code == 403
    assert (await client.delete("/faults", auth=CUSTOMER)).status_code == 403


async def test_a_fault_that_cannot_be_sent_is_not_on(client: AsyncClient) -> None:
    answer = await client.post("/faults", json=ON, auth=OPERATOR)
    assert (answer.status_code, answer.headers["content-type"]) == (503, MEDIA_TYPE)
    assert (await client.get("/faults", auth=OPERATOR)).json() == {"on": []}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"services": ["billing"]}, "trip"),
        ({"services": []}, "at least 1"),
        ({"services": ["orchestrator"]}, "cannot refuse"),
        ({"faults": {"refuses": 2}}, "must be at most 1"),
        ({"faults": {"on_fire": True}}, "is not known here"),
        ({"seconds": 901}, "must be at most 900"),
        ({"reason": ""}, "at least 1 character"),
    ],
)
async def test_what_cannot_be_switched_is_explained(
    client: AsyncClient, change: dict[str, object], complaint: str
) -> None:
    answer = await client.post("/faults", json={**ON, **change}, auth=OPERATOR)
    assert answer.status_code == 422
    assert complaint in answer.text


def test_in_production_there_are_none() -> None:
    with pytest.raises(ValidationError, match="MODE=local only"):
        ServiceSettings(_env_file=None, mode="production", faults_enabled=True)


@pytest.fixture
def switches() -> FaultSwitches:
    return FaultSwitches("hotel", "amqp://nobody@127.0.0.1:1/none", TRAVEL.services)


@pytest.fixture
async def answering(switches: FaultSwitches) -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    app.add_middleware(HttpFaults, switches=switches)
    for path in ("/accounts", "/health/live", "/metrics", "/faults"):
        app.get(path)(lambda: "here")
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


def wrong(switches: FaultSwitches, faults: Faults) -> None:
    now = datetime.now(UTC)
    switches.board.apply(
        SwitchFaults(
            services=("hotel",),
            faults=faults,
            switched_at=now,
            ends_at=now + timedelta(minutes=1),
            by="grace",
            reason="to see it",
        )
    )


async def test_a_share_of_the_requests_is_answered_with_503(
    switches: FaultSwitches, answering: AsyncClient
) -> None:
    wrong(switches, Faults(http_unavailable=0.5))
    answers = [await answering.get("/accounts") for _ in range(100)]
    assert {answer.status_code for answer in answers} == {200, 503}
    away = next(answer for answer in answers if answer.status_code == 503)
    assert (away.headers["content-type"], away.headers["retry-after"]) == (MEDIA_TYPE, "1")


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/faults"])
async def test_probes_and_operators_are_answered_by_a_broken_service(
    switches: FaultSwitches, answering: AsyncClient, path: str
) -> None:
    wrong(switches, Faults(http_unavailable=1))
    assert (await answering.get(path)).status_code == 200


async def test_an_answer_may_be_late(switches: FaultSwitches, answering: AsyncClient) -> None:
    wrong(switches, Faults(http_slow_seconds=0.2))
    answer = await answering.get("/accounts")
    assert answer.elapsed >= timedelta(seconds=0.2)
