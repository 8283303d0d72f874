"""Finds saga instances: the filters of the list, and the requests that they become."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from contracts.topology import SHOP
from counterstep import Refusal, RefusalCode
from counterstep.client import Page, Request, sagas
from counterstep.http.views.sagas import SagaSummary
from fastapi import Query
from pydantic import BeforeValidator
from shop_client import orders

from console.apis import Apis

PAGE_SIZE: Final = 25
STATUSES: Final = ("running", "compensating", "needs_attention", "completed", "compensated")
AGES: Final = {
    "5m": ("in the last 5 minutes", timedelta(minutes=5)),
    "1h": ("in the last hour", timedelta(hours=1)),
    "1d": ("in the last day", timedelta(days=1)),
    "-1m": ("more than a minute ago", timedelta(minutes=1)),
    "-1h": ("more than an hour ago", timedelta(hours=1)),
    "-1d": ("more than a day ago", timedelta(days=1)),
}
"""The ages to filter by. With a minus the saga started before that time, without it after."""

CODES: Final = tuple(
    sorted(
        code
        for message in SHOP.contracts.catalogue.values()
        if issubclass(message, Refusal)
        for code in RefusalCode.declared_by(message)
    )
)
"""The codes that the contracts declare; a service that is newer than this console may send others."""

TextFilter = Annotated[str, BeforeValidator(str.strip), Query(max_length=200)]


@dataclass(frozen=True)
class SagaFilter:
    """The filters of the list; an empty field does not filter."""

    status: TextFilter = ""
    age: TextFilter = ""
    customer: TextFilter = ""
    order: TextFilter = ""
    code: TextFilter = ""
    """The code of the refusal that aborted the saga."""

    def request(self, now: datetime, *, cursor: str = "", ids: Sequence[UUID] = ()) -> Request[Page[SagaSummary]]:
        """The request for these sagas. The customer is left out, as the orchestrator does not know customers."""
        since = now - AGES[self.age][1] if self.age in AGES else None
        older = self.age.startswith("-")
        return sagas.browse(
            status=self.status,
            key=self.order,
            code=self.code,
            ids=ids,
            started_before=since if older else None,
            started_after=None if older else since,
            limit=PAGE_SIZE,
            cursor=cursor,
        )

    def address(self, path: str = "/sagas", **more: str) -> str:
        """The address of the list with these filters and further parameters."""
        parameters = {name: value for name, value in {**asdict(self), **more}.items() if value}
        return f"{path}?{urlencode(parameters)}" if parameters else path


@dataclass(frozen=True)
class SagaPage:
    """One page of the list, and the address of the page with older sagas."""

    sagas: list[SagaSummary]
    older: str | None


async def find(apis: Apis, filters: SagaFilter, cursor: str = "") -> SagaPage:
    """The sagas that match the filters, newest first. Raises `ApiError`."""
    now = datetime.now(UTC)
    if not filters.customer:
        page = await apis.read("orchestrator", filters.request(now, cursor=cursor))
        return _page_of(filters, page.items, page.next_cursor)
    # Only the order service knows the customer of an order: it gives the orders, the orchestrator their sagas.
    placed = await apis.read("order", orders.browse(customer_id=filters.customer, limit=PAGE_SIZE, cursor=cursor))
    ids = [each.saga_id for each in placed.items]
    matching = (await apis.read("orchestrator", filters.request(now, ids=ids))).items if ids else []
    return _page_of(filters, matching, placed.next_cursor)


def _page_of(filters: SagaFilter, matching: list[SagaSummary], cursor: str | None) -> SagaPage:
    return SagaPage(matching, filters.address(cursor=cursor) if cursor else None)
