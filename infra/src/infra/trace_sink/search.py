"""The search form: what a person may type, and what it means."""

import json
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from starlette.datastructures import QueryParams

from infra.trace_sink import formatting, parameters
from infra.trace_sink.parameters import BadParameter
from infra.trace_sink.query import DEFAULT_LIMIT, TraceQuery

LOOKBACKS = {"5m": "5 minutes", "15m": "15 minutes", "1h": "hour", "6h": "6 hours", "24h": "day", "168h": "week"}
DEFAULT_LOOKBACK = "1h"
AHEAD = formatting.MINUTE  # a sender's clock may be a little fast


@dataclass(frozen=True)
class Search:
    """The form as it was filled in; the names of its fields are those of Jaeger's page."""

    service: str = ""
    operation: str = ""
    tags: str = ""
    lookback: str = DEFAULT_LOOKBACK
    min_duration: str = ""
    max_duration: str = ""
    limit: str = str(DEFAULT_LIMIT)

    @classmethod
    def of(cls, given: QueryParams) -> Self:
        return cls(
            service=given.get("service", ""),
            operation=given.get("operation", "").removeprefix("all"),  # Jaeger's word for any
            tags=given.get("tags", ""),
            lookback=given.get("lookback") or DEFAULT_LOOKBACK,
            min_duration=given.get("minDuration", ""),
            max_duration=given.get("maxDuration", ""),
            limit=given.get("limit") or str(DEFAULT_LIMIT),
        )

    @property
    def trace_id(self) -> str | None:
        """A trace's whole id, typed where tags are."""
        alone = self.tags.strip()
        return parameters.trace_id(alone) if len(alone) == 32 and parameters.TRACE_ID.fullmatch(alone) else None  # noqa: PLR2004

    def query(self) -> TraceQuery:
        """The query for these parameters. Raises BadParameter."""
        now = time.time_ns()
        return TraceQuery(
            earliest=now - parameters.duration("lookback", self.lookback),
            latest=now + AHEAD,
            service=self.service,
            operation=self.operation,
            attributes=_tags(self.tags),
            shortest=parameters.duration("minDuration", self.min_duration) if self.min_duration else None,
            longest=parameters.duration("maxDuration", self.max_duration) if self.max_duration else None,
            limit=parameters.limit("limit", self.limit, DEFAULT_LIMIT),
        )


def _tags(text: str) -> Mapping[str, str]:
    """Read `key=value key="two words"`, or JSON as Jaeger's page has it in its addresses."""
    if text.lstrip().startswith("{"):
        return parameters.attributes("tags", text)
    try:
        pairs = [word.split("=", 1) for word in shlex.split(text)]
        return dict(pairs)  # a word without its other half raises
    except ValueError:
        raise BadParameter(f"tags: {text!r} is not written like {json.dumps('order.id=… error=true')}") from None
