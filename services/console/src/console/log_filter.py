"""The filters of the logs, and the ids by which entries name an order, a saga or a trace."""

import re
from dataclasses import asdict, dataclass
from typing import Annotated, Final, get_args
from urllib.parse import urlencode
from uuid import UUID

from counterstep.client import ApiError, sagas
from counterstep.http.views.parts import LogLevel
from counterstep.http.views.sagas import SagaSummary
from fastapi import Query
from pydantic import BeforeValidator

from console.apis import Apis

LEVELS: Final[tuple[LogLevel, ...]] = get_args(LogLevel)
TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")

TextFilter = Annotated[str, BeforeValidator(str.strip), Query(max_length=200)]
IdFilter = Annotated[
    str, BeforeValidator(lambda value: value.strip().lower()), Query(pattern=r"^[0-9a-f-]*$", max_length=36)
]


@dataclass(frozen=True)
class LogFilter:
    """An empty field does not filter. `about` is the id of an order, a saga or a trace."""

    about: IdFilter = ""
    part: TextFilter = ""
    level: LogLevel = "debug"
    text: TextFilter = ""

    def address(self, path: str = "/logs") -> str:
        """The address of the page with these filters."""
        return f"{path}?{urlencode({name: value for name, value in asdict(self).items() if value})}"


async def ids_about(apis: Apis, about: str) -> list[str]:
    """The ids of which an entry must name one: this one, and those of its saga, its order and its trace.

    Where the orchestrator does not answer, this one alone: logs are read most when something does not work.
    """
    if not about:
        return []
    try:
        found = None if TRACE_ID.fullmatch(about) else await _saga(apis, UUID(about))
    except (ApiError, ValueError):
        found = None
    more = (str(found.saga_id), found.key, found.trace_id) if found else ()
    return list({about: None, **{each: None for each in more if each}})


async def _saga(apis: Apis, known: UUID) -> SagaSummary | None:
    """The saga with this id, or the newest of the order with this id."""
    by_id = await apis.read("orchestrator", sagas.browse(ids=[known], limit=1))
    by_key = by_id if by_id.items else await apis.read("orchestrator", sagas.browse(key=str(known), limit=1))
    return next(iter(by_key.items), None)
