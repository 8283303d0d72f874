"""Asking several services the same: who does not answer is named, and the others are shown."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from console.apis import Apis, Away

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class Found(Generic[Row]):
    """What was found, who did not answer, and the next page's cursor of each service that has more."""

    rows: list[Row]
    missing: list[Away]
    more: Mapping[str, str]


async def ask(
    apis: Apis, services: Iterable[str], path: str, query: Mapping[str, Any], row: type[Row]
) -> Found[Row]:
    """A page of rows of each of these services; each row is told its `service`."""
    names = list(services)
    answers = await asyncio.gather(*(_ask(apis, name, path, query) for name in names))
    pages = {name: answer for name, answer in zip(names, answers, strict=True) if not isinstance(answer, Away)}
    return Found(
        rows=[
            row.model_validate({**each, "service": name}) for name, page in pages.items() for each in page["items"]
        ],
        missing=[answer for answer in answers if isinstance(answer, Away)],
        more={name: page["next_cursor"] for name, page in pages.items() if page["next_cursor"]},
    )


async def _ask(apis: Apis, name: str, path: str, query: Mapping[str, Any]) -> Any:
    try:
        return await apis.get(name, path, query)
    except Away as away:
        return away
