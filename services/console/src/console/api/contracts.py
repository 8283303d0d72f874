"""The contracts: the messages, each service's AsyncAPI document, and the saga definitions."""

import json

from contracts.topology import SERVICES, ServiceName
from counterstep.client import operations
from counterstep.client import sagas as saga_requests
from counterstep.http.problems import Problem
from fastapi import APIRouter, Request, Response

from console.apis import AllApis
from console.catalogue.definitions import definitions
from console.catalogue.messages import entries, entry
from console.catalogue.operations import operations_of
from console.pages import page

router = APIRouter(prefix="/contracts")


@router.get("")
async def messages(request: Request) -> Response:
    """The catalogue of messages."""
    return await page(request, "contracts/messages.html", entries=entries().values())


@router.get("/messages/{type_}")
async def message(request: Request, type_: str) -> Response:
    """One message, with its schema."""
    if (found := entry(type_)) is None:
        raise Problem(404, f"there is no message {type_}: the page /contracts lists all messages")
    return await page(request, "contracts/message.html", entry=found)


@router.get("/sagas")
async def sagas(request: Request, apis: AllApis) -> Response:
    """The definitions that are registered, drawn."""
    found = await apis.read("orchestrator", saga_requests.definitions())
    view = definitions(found)
    return await page(request, "contracts/sagas.html", view=view)


@router.get("/services/{service}")
async def service(request: Request, service: ServiceName, apis: AllApis) -> Response:
    """A service's AsyncAPI document, read for people."""
    document = await apis.read(service, operations.asyncapi())
    return await page(
        request,
        "contracts/service.html",
        service=service,
        services=SERVICES,
        about=document,
        operations=list(operations_of(document)),
        raw=json.dumps(document, indent=2),
    )
