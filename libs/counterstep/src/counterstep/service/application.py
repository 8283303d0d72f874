"""A service's application: its own routes, and those that every service has for its database and its broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from counterstep.chaos.switches import FaultSwitches
from counterstep.http import asyncapi, dead_letters, inbox, outbox, quarantine, retries, whoami
from counterstep.http.file_limit import connections_within
from counterstep.http.settings import ServiceSettings
from counterstep.http.waiting.waiters import SHARE_THAT_MAY_WAIT, waiters
from counterstep.http.web import web
from counterstep.messaging.consumer.consuming import Consumer
from counterstep.messaging.consumer.middleware import Middleware
from counterstep.messaging.participant.participant import Participant
from counterstep.messaging.runtime import Runtime
from counterstep.service import faults
from counterstep.service.http_faults import HttpFaults


def application(consumer: Consumer, router: APIRouter, settings: ServiceSettings) -> FastAPI:
    """The service's ASGI application; while it runs, so do its consumers and its relay."""
    topology = consumer.topology
    amqp_url = str(settings.amqp_url.get_secret_value())
    database_url = str(settings.database_url.get_secret_value())
    peers = topology.services.keys()
    switches = FaultSwitches(consumer.name, amqp_url, peers) if settings.faults_enabled else None

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[Runtime]:
        async with Runtime(
            consumer,
            database_url=database_url,
            amqp_url=amqp_url,
            middleware=switches.middleware if switches else Middleware(),
            unroutable_seconds=settings.unroutable_seconds,
            pack_messages=settings.pack_messages,
        ) as runtime:
            app.state.runtime = runtime
            app.state.transactions = runtime.transactions
            app.state.platform_transactions = runtime.platform_transactions
            most = int(SHARE_THAT_MAY_WAIT * connections_within(settings.http_most_connections))
            async with waiters(database_url, runtime.background_transactions, most) as app.state.waiters:
                app.state.at_shutdown.append(app.state.waiters.stop)
                yield runtime

    app = web(consumer.name, settings, life, product=topology.name)
    app.state.consumer = consumer
    app.state.token_issuer = topology.name
    app.state.jwt_secret = settings.jwt_secret.get_secret_value()
    app.state.fault_switches = switches
    if switches:
        app.add_middleware(HttpFaults, switches=switches)
    shared = (
        whoami.router,
        dead_letters.router,
        outbox.router,
        retries.router,
        quarantine.router,
        faults.router,
        asyncapi.router(topology, consumer.name),
    )
    # The orchestrator's history is its inbox.
    inboxes = (inbox.router,) if isinstance(consumer, Participant) else ()
    for each in (router, *shared, *inboxes):
        app.include_router(each)
    return app
