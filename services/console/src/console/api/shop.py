"""The shop: a form that places orders, and a live list of the latest ones."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final
from uuid import uuid4

from counterstep.client import ProblemError, UnavailableError
from counterstep.http.problems import Problem
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from shop_client import Order, catalogue, orders

from console.apis import AllApis, Apis
from console.basket import QUANTITY, order_of
from console.live import LiveFeeds
from console.pages import fragment, live_fragment, page
from console.session import Form

router = APIRouter(prefix="/shop")

LATEST: Final = 12
TEMPLATE: Final = "orders.html"


@router.get("")
async def show(request: Request, apis: AllApis) -> Response:
    """The page: the products and the latest orders."""
    products = await apis.read("order", catalogue.browse())
    latest = await live_fragment(TEMPLATE, partial(_latest, apis))()
    return await page(request, "shop.html", products=products, quantity=QUANTITY, key=uuid4(), orders=latest)


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The latest orders, sent again when they have changed."""
    async for event in feeds.events("shop", live_fragment(TEMPLATE, partial(_latest, apis))):
        yield event


@router.post("/orders")
async def place(form: Form, apis: AllApis, hx_request: Annotated[str | None, Header()] = None) -> Response:
    """Place an order with the token of the signed-in person. With htmx, only the result is replaced."""
    shown: dict[str, Any]
    try:
        wanted = orders.place(order_of(form.fields), key=form.fields.get("key") or str(uuid4()))
        shown, status = {"order": await apis.act(form.person.token, "order", wanted)}, 200
    except Problem as problem:
        shown, status = {"problem": problem.detail}, problem.status_code
    except ProblemError as refused:
        shown, status = {"problem": refused.detail}, refused.status
    except UnavailableError as error:
        shown, status = {"problem": str(error)}, 503
    if hx_request:
        return HTMLResponse(fragment("placed.html", key=uuid4(), **shown), status)
    if "order" in shown:
        return RedirectResponse("/shop", 303)
    raise Problem(status, shown["problem"])


async def _latest(apis: Apis) -> list[Order]:
    return (await apis.read("order", orders.browse(limit=LATEST))).items
