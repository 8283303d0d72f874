"""The shop: orders are placed by hand, and the fate of each is seen as it comes about."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final
from uuid import uuid4

from counterstep.http.problems import Problem
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis, Apis, Away, Refusal
from console.basket import QUANTITY, order_of
from console.live import LiveFeeds
from console.pages import fragment, live_fragment, page
from console.session import Form
from console.told import Order, Product

router = APIRouter(prefix="/shop")

MOST: Final = 12
TEMPLATE: Final = "orders.html"


@router.get("")
async def show(request: Request, apis: AllApis) -> Response:
    """What there is to buy, and the latest orders."""
    products = [Product.model_validate(each) for each in await apis.get("order", "/products")]
    orders = await live_fragment(TEMPLATE, partial(_latest, apis))()
    return await page(request, "shop.html", products=products, quantity=QUANTITY, key=uuid4(), orders=orders)


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The latest orders, again whenever they change."""
    async for event in feeds.events("shop", live_fragment(TEMPLATE, partial(_latest, apis))):
        yield event


@router.post("/orders")
async def place(form: Form, apis: AllApis, hx_request: Annotated[str | None, Header()] = None) -> Response:
    """Place an order for whoever signed in; a page that is live stays as it is."""
    shown: dict[str, Any]
    try:
        headers = {"Idempotency-Key": form.fields.get("key") or str(uuid4())}
        placed = await apis.act(form.person.token, "order", "/orders", order_of(form.fields), headers)
        shown, status = {"order": Order.model_validate(placed)}, 200
    except (Problem, Refusal) as error:
        shown, status = (
            {"problem": error.detail},
            error.status_code if isinstance(error, Problem) else error.status,
        )
    except Away as error:
        shown, status = {"problem": str(error)}, 503
    if hx_request:
        return HTMLResponse(fragment("placed.html", key=uuid4(), **shown), status)
    if "order" in shown:
        return RedirectResponse("/shop", 303)
    raise Problem(status, shown["problem"])


async def _latest(apis: Apis) -> list[Order]:
    found = await apis.get("order", "/orders", {"limit": MOST})
    return [Order.model_validate(each) for each in found["items"]]
