"""Sends one request to several services and gathers the rows. A service that does not answer is missing."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from contracts.topology import SERVICES
from counterstep.client import Page, Request, UnavailableError
from pydantic import BaseModel

from console.apis import Apis

Item = TypeVar("Item", bound=BaseModel)
Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class GatheredRows(Generic[Row]):
    """The rows that were found, the services that do not answer, and each next page's cursor by service."""

    rows: list[Row]
    missing: list[UnavailableError]
    more: Mapping[str, str]


async def gather_rows(
    apis: Apis, services: Iterable[str], request: Request[Page[Item]], row: type[Row]
) -> GatheredRows[Row]:
    """A page of rows from each of these services; each row names its `service`."""
    names = list(services)
    answers = await asyncio.gather(*(_page_of(apis, name, request) for name in names))
    pages = {name: page for name, page in zip(names, answers, strict=True) if isinstance(page, Page)}
    return GatheredRows(
        rows=[
            row.model_validate({**each.model_dump(), "service": name})
            for name, page in pages.items()
            for each in page.items
        ],
        missing=[answer for answer in answers if isinstance(answer, UnavailableError)],
        more={name: page.next_cursor for name, page in pages.items() if page.next_cursor},
    )


async def gather_newest(
    apis: Apis, service: str, request: Request[Page[Item]], row: type[Row], at: Callable[[Row], datetime]
) -> GatheredRows[Row]:
    """A page of rows from this service, or from all where it is empty, the latest first by the moment `at`."""
    gathered = await gather_rows(apis, [service] if service else SERVICES, request, row)
    gathered.rows.sort(key=at, reverse=True)
    return gathered


async def _page_of(apis: Apis, name: str, request: Request[Page[Item]]) -> Page[Item] | UnavailableError:
    try:
        return await apis.read(name, request)
    except UnavailableError as error:
        return error
