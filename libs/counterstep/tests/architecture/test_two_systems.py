"""Two systems live in one process, with services, messages and sagas of equal names, and share nothing."""

from typing import TypeAlias

import cruise.contracts.hotel as at_sea
import pytest
import travel.contracts.hotel as on_land
from counterstep.http.roles import Role
from counterstep.messaging.participant.participant import Participant
from counterstep.orchestration.api import router as saga_api
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.service.testing import Bearer, offline_application
from counterstep.topology.asyncapi import document
from counterstep.topology.rabbitmq import definitions
from counterstep.topology.routes import routes
from counterstep.topology.topology import Topology
from cruise.topology import CRUISE
from cruise.topology import SAGAS as CRUISES
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import ValidationError
from travel.sagas import SAGAS as TRIPS
from travel.topology import TRAVEL

System: TypeAlias = tuple[FastAPI, Topology]


def test_each_system_has_its_own_services_and_virtual_host() -> None:
    assert set(TRAVEL.services) == {"trip", "hotel", "flight", "bank", "orchestrator"}
    assert set(CRUISE.services) == {"hotel", "orchestrator"}
    for topology in (TRAVEL, CRUISE):
        users = dict.fromkeys([*topology.services, topology.watcher], "secret")
        defined = definitions(topology, users)
        assert {permission["vhost"] for permission in defined["permissions"]} == {topology.name}
        assert {user["name"] for user in defined["users"]} == set(users)


def test_a_message_of_one_name_is_read_by_each_system_as_its_own() -> None:
    name = "hotel.book_hotel.v1"
    assert TRAVEL.contracts.versions[name] is on_land.BookHotel
    assert CRUISE.contracts.versions[name] is at_sea.BookHotel
    assert CRUISE.contracts.readers[name]('{"cabin": 7}') == at_sea.BookHotel(cabin=7)
    with pytest.raises(ValidationError):
        TRAVEL.contracts.readers[name]('{"cabin": 7}')


def test_no_system_routes_or_documents_a_message_of_the_other() -> None:
    for topology, package in ((TRAVEL, "travel."), (CRUISE, "cruise.")):
        modules = {route.message.__module__ for route in routes(topology)}
        assert all(module.startswith((package, "counterstep.")) for module in modules)
    at_land, at_ship = (document(each, "hotel", version="1", summary="") for each in (TRAVEL, CRUISE))
    assert at_land["components"]["schemas"]["BookHotel"] != at_ship["components"]["schemas"]["BookHotel"]


def test_each_participant_handles_the_commands_of_its_own_system() -> None:
    land, ship = Participant("hotel", TRAVEL), Participant("hotel", CRUISE)

    @land.handles(on_land.CancelHotel)
    def cancel(_: on_land.CancelHotel) -> on_land.HotelCancelled:
        return on_land.HotelCancelled()

    @ship.handles(at_sea.CancelHotel)
    def leave(_: at_sea.CancelHotel) -> at_sea.HotelCancelled:
        return at_sea.HotelCancelled()

    assert (land.topology, ship.topology) == (TRAVEL, CRUISE)


def test_each_orchestrator_has_its_own_definition_under_one_name() -> None:
    assert TRIPS.definition("book_trip", 1).starts_on is not CRUISES.definition("book_trip", 1).starts_on


@pytest.mark.parametrize(
    ("issuer", "status"), [("cruise", {"travel": 401, "cruise": 503}), ("travel", {"travel": 503, "cruise": 401})]
)
async def test_a_token_of_one_system_is_none_of_the_other(issuer: str, status: dict[str, int]) -> None:
    """Both have one secret, so the issuer alone tells them apart. A good token meets a database that is away."""
    answers = {}
    for sagas, topology in ((TRIPS, TRAVEL), (CRUISES, CRUISE)):
        app = offline_application(Orchestrator(sagas, topology), saga_api)
        app.state.token_issuer = topology.name
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=transport, base_url="http://test") as client,
        ):
            answer = await client.get("/sagas", auth=Bearer("grace", Role.OPERATOR, issuer))
            answers[topology.name] = answer.status_code
    assert answers == status
