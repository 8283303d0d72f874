"""The queries of the dashboards and the alert rules, read from their files."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import promql_parser as promql
import yaml
from infra.monitoring.files import ALERTS, DASHBOARDS

VARIABLES = {"$__rate_interval": "1m", "$job": ".+"}
LABEL_VALUES = re.compile(r"label_values\((?P<metric>\w+), (?P<label>\w+)\)")
OF_LABEL = re.compile(r"\{\{\s*(?:\$labels\.)?([a-z_]+)\s*\}\}")


@dataclass(frozen=True)
class Query:
    """A query, where it stands, and the texts that name labels of its answer."""

    where: str
    text: str
    captions: tuple[str, ...] = ()

    @property
    def tree(self) -> Any:
        """Its syntax. Raises ValueError where it has none."""
        text = self.text
        for name, value in VARIABLES.items():
            text = text.replace(name, value)
        return promql.parse(text)

    @property
    def shown(self) -> set[str]:
        """The labels that its captions show."""
        return {label for caption in self.captions for label in OF_LABEL.findall(caption)}


@dataclass(frozen=True)
class Selector:
    """A metric in a query: what its labels must match, and which of them must be there."""

    metric: str
    matchers: tuple[promql.Matcher, ...]
    labels: frozenset[str]


def dashboards() -> dict[str, Any]:
    """Every dashboard, by the name of its file."""
    return {path.name: json.loads(path.read_text()) for path in sorted(DASHBOARDS.glob("*.json"))}


def panels(dashboard: Any) -> list[Any]:
    """The panels of a dashboard, without its rows' headings."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def alerts() -> list[Any]:
    """Every alert rule."""
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def queries() -> list[Query]:
    """All queries: those of panels, of variables and of alert rules."""
    return [*_of_panels(), *_of_variables(), *_of_alerts()]


def selectors(node: Any, kept: frozenset[str] = frozenset()) -> Iterator[Selector]:
    """Every metric in a query; a label that is grouped by must be on all that is grouped."""
    match node:
        case promql.VectorSelector():
            named = frozenset(matcher.name for matcher in node.matchers.matchers)
            assert node.name, "a metric is asked for by its name"
            yield Selector(node.name, tuple(node.matchers.matchers), named | kept)
        case promql.AggregateExpr(modifier=modifier):
            yield from selectors(node.expr, kept | frozenset(modifier.labels if modifier else ()))
        case promql.BinaryExpr():
            assert node.modifier is None or node.modifier.matching is None, "on and ignoring are not followed here"
            yield from selectors(node.lhs, kept)
            yield from selectors(node.rhs, kept)
        case promql.Call():
            for argument in node.args:
                yield from selectors(argument, kept)
        case promql.MatrixSelector():
            yield from selectors(node.vector_selector, kept)
        case promql.ParenExpr():
            yield from selectors(node.expr, kept)


def answered(node: Any) -> frozenset[str] | None:
    """The labels of a query's answer; None where it is whatever the metric has."""
    match node:
        case promql.AggregateExpr(modifier=modifier):
            return frozenset(modifier.labels if modifier else ())
        case promql.BinaryExpr():
            return answered(node.lhs)
        case promql.ParenExpr():
            return answered(node.expr)
        case promql.Call():
            return answered(node.args[-1])
    return None


def _of_panels() -> Iterator[Query]:
    for name, dashboard in dashboards().items():
        for panel in panels(dashboard):
            for target in panel["targets"]:
                yield Query(f"{name}: {panel['title']}", target["expr"], (target["legendFormat"],))


def _of_variables() -> Iterator[Query]:
    for name, dashboard in dashboards().items():
        for variable in dashboard["templating"].get("list", ()):
            queried = LABEL_VALUES.fullmatch(variable["query"])
            assert queried, f"{name}: {variable['query']} is not of the form that is read here"
            yield Query(f"{name}: ${variable['name']}", f"count by ({queried['label']}) ({queried['metric']})")


def _of_alerts() -> Iterator[Query]:
    for rule in alerts():
        texts = (rule["annotations"]["summary"], rule["annotations"]["description"])
        yield Query(f"alert {rule['alert']}", rule["expr"], texts)
