"""Book a trip: provision broker and databases, start three processes, and decide as the hotel's reception."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from counterstep.provision import create_databases, declare, upgrade
from counterstep.testing import Bearer
from eventually import decide, ended, ready
from httpx2 import URL, AsyncClient
from trip.topology import TRIP

HERE = Path(__file__).parent
MANAGEMENT = os.environ.get("MANAGEMENT_URL", "http://guest:guest@localhost:15672")
BROKER = os.environ.get("BROKER", "localhost:5672")
POSTGRES = os.environ.get("POSTGRES_URL", "postgresql://postgres:postgres@localhost:5432/postgres")
FIRST_PORT = int(os.environ.get("FIRST_PORT", "8101"))


@asynccontextmanager
async def running() -> AsyncIterator[dict[str, AsyncClient]]:
    """The whole system, ready: a client of each service, whose caller may do what the service is for."""
    passwords, secret = {name: secrets.token_hex(16) for name in TRIP.services}, secrets.token_hex(32)
    async with AsyncClient(base_url=MANAGEMENT, timeout=30) as management:
        await declare(TRIP, management, passwords)
    await create_databases(POSTGRES, passwords)
    async with AsyncExitStack() as stack:
        clients = {}
        for port, (name, password) in enumerate(passwords.items(), FIRST_PORT):
            database = str(URL(POSTGRES).copy_with(username=name, password=password, path=f"/{name}"))
            amqp = f"amqp://{name}:{password}@{BROKER}/{TRIP.name}"
            await upgrade(HERE / "trip" / name / "migrations", database)
            settings = {"DATABASE_URL": database, "AMQP_URL": amqp, "HTTP_PORT": str(port), "JWT_SECRET": secret}
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", f"trip.{name}", cwd=HERE, env={**os.environ, **settings}
            )
            stack.push_async_callback(process.wait)
            stack.callback(process.terminate)
            caller = Bearer("ada", "customer" if name == "agency" else "operator", TRIP.name, secret)
            client = AsyncClient(base_url=f"http://127.0.0.1:{port}", auth=caller, timeout=30)
            clients[name] = await stack.enter_async_context(client)
        await ready(*clients.values())
        yield clients


async def main() -> None:
    async with running() as services:
        for offer in ("flight to Lisbon", "car in Lisbon"):
            await services["suppliers"].put(f"/offers/{offer}", json={"available": 5})
        trip = (await services["agency"].post("/trips", json={"city": "Lisbon", "nights": 3})).json()
        await decide(services["suppliers"], trip["trip_id"], confirmed=True)
        print(await ended(services["agency"], trip["trip_id"]))


if __name__ == "__main__":
    asyncio.run(main())
