"""The trip as three processes over a real broker and a real database."""

from collections.abc import AsyncIterator

import pytest
from eventually import decide, ended
from httpx2 import AsyncClient
from run import running

Services = dict[str, AsyncClient]


@pytest.fixture(scope="module")
async def services() -> AsyncIterator[Services]:
    async with running() as services:
        yield services


async def offer(services: Services, city: str, *, flights: int, cars: int) -> None:
    for name, available in ((f"flight to {city}", flights), (f"car in {city}", cars)):
        put = await services["suppliers"].put(f"/offers/{name}", json={"available": available})
        assert put.is_success, put.text


async def request(services: Services, city: str) -> str:
    answer = await services["agency"].post("/trips", json={"city": city, "nights": 3})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["trip_id"])


async def flights_left(services: Services, city: str) -> int:
    return int((await services["suppliers"].get(f"/offers/flight to {city}")).json()["available"])


async def test_a_trip_is_confirmed_once_the_reception_has_a_room(services: Services) -> None:
    await offer(services, "Lisbon", flights=2, cars=2)
    trip_id = await request(services, "Lisbon")
    await decide(services["suppliers"], trip_id, confirmed=True)
    assert (await ended(services["agency"], trip_id))["status"] == "confirmed"
    assert await flights_left(services, "Lisbon") == 1


async def test_a_trip_without_a_room_gives_its_flight_back(services: Services) -> None:
    await offer(services, "Porto", flights=2, cars=2)
    trip_id = await request(services, "Porto")
    await decide(services["suppliers"], trip_id, confirmed=False)
    trip = await ended(services["agency"], trip_id)
    assert (trip["status"], trip["reason"]) == ("rejected", "the hotel in Porto has no room")
    assert await flights_left(services, "Porto") == 2


async def test_a_trip_without_a_car_gives_its_flight_back(services: Services) -> None:
    await offer(services, "Faro", flights=2, cars=0)
    trip_id = await request(services, "Faro")
    await decide(services["suppliers"], trip_id, confirmed=True)
    assert (await ended(services["agency"], trip_id))["reason"] == "no car in Faro is left"
    assert await flights_left(services, "Faro") == 2


async def test_a_reception_that_does_not_answer_in_time_ends_the_trip(services: Services) -> None:
    await offer(services, "Evora", flights=2, cars=2)
    trip_id = await request(services, "Evora")
    assert (await ended(services["agency"], trip_id))["status"] == "rejected"
    assert await flights_left(services, "Evora") == 2
