"""What is exposed to Prometheus: every metric, and the labels of each of its samples."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Self

import httpx2
import promql_parser as promql
from watched import Selector


class Exposition:
    """All that was scraped."""

    def __init__(self) -> None:
        self._samples: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)

    async def scrape(self, *addresses: str) -> Self:
        """Take in what these addresses expose."""
        async with httpx2.AsyncClient(timeout=30) as client:
            for address in addresses:
                answer = (await client.get(address)).raise_for_status()
                for line in answer.text.splitlines():
                    if line and not line.startswith("#"):
                        name, labels = _sample(line)
                        self._samples[name].append(labels)
        return self

    def lacks(
        self, selector: Selector, *, added: frozenset[str], unseen: frozenset[tuple[str, str]]
    ) -> str | None:
        """Name what a selector needs and the scrape does not have.

        The labels `added` are Prometheus' own. The values of `unseen`, metric and label, come only in bad times.
        """
        if not (samples := self._samples.get(selector.metric)):
            return f"there is no metric {selector.metric}"
        needed = selector.labels - added
        if missing := needed - {name for labels in samples for name in labels}:
            return f"{selector.metric} has no label {', '.join(sorted(missing))}"
        wanted = [
            each
            for each in selector.matchers
            if each.name in needed and (selector.metric, each.name) not in unseen
        ]
        if not any(all(_matches(each, labels) for each in wanted) for labels in samples):
            return f"no {selector.metric} has {', '.join(f'{each.name} {each.value}' for each in wanted)}"
        for each in wanted:
            for value in _alternatives(each):
                if not any(re.fullmatch(value, labels.get(each.name, "")) for labels in samples):
                    return f"no {selector.metric} has {each.name} {value}"
        return None


def _alternatives(matcher: promql.Matcher) -> list[str]:
    """What a pattern such as `order|payment` allows, one by one: each of them is meant to be there."""
    return str(matcher.value).split("|") if matcher.op == promql.MatchOp.Re else []


def _sample(line: str) -> tuple[str, Mapping[str, str]]:
    """Read a line as the selector that it begins with (prometheus_client's parser renames counters of others)."""
    end = line.rfind("}") + 1 or line.index(" ")
    selector = promql.parse(line[:end])
    assert isinstance(selector, promql.VectorSelector)
    assert selector.name
    return selector.name, {label.name: label.value for label in selector.matchers.matchers}


def _matches(matcher: promql.Matcher, labels: Mapping[str, str]) -> bool:
    value = labels.get(matcher.name, "")
    match matcher.op:
        case promql.MatchOp.Equal:
            return bool(value == matcher.value)
        case promql.MatchOp.NotEqual:
            return bool(value != matcher.value)
        case promql.MatchOp.Re:
            return re.fullmatch(matcher.value, value) is not None
    return re.fullmatch(matcher.value, value) is None
