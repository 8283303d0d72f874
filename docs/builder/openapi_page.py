"""A page of an OpenAPI document: every operation, with what it takes and what it answers."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from schema_tables import kind, more, needed, table, tables

NO_CONTENT: Final = "nothing"


def openapi_page(document: Mapping[str, Any], file: str) -> str:
    """The page in Markdown; `file` is where the document itself is found."""
    about = document["info"]
    name = about["title"].rpartition(" ")[2]
    parts = [
        f"# {name} over HTTP",
        f"{about['summary']} [The document itself]({file}); the service shows it at `/docs`.",
    ]
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    for (tag, *_), group in groupby(operations, key=lambda each: each[2].get("tags", ["other"])):
        parts.append(f"## {tag}")
        for path, method, operation in group:
            parts.extend(_operation(path, method, operation))
    return "\n\n".join([*parts, "## Schemas", *tables(document["components"]["schemas"])])


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`"
    yield operation.get("description", operation.get("summary", ""))
    if parameters := operation.get("parameters"):
        rows = (
            (
                f"`{each['name']}`",
                each["in"],
                needed(each.get("required", False)),
                kind(each["schema"]),
                _more(each),
            )
            for each in parameters
        )
        yield table(("parameter", "in", "", "what", ""), *rows)
    if asked := operation.get("requestBody"):
        yield f"**Takes** {_content(asked)}."
    answers = " · ".join(f"`{status}` {_content(each)}" for status, each in operation["responses"].items())
    token = " Needs a token." if "security" in operation else ""
    yield f"**Answers** {answers.replace('`default`', 'or else')}.{token}"


def _more(parameter: Mapping[str, Any]) -> str:
    return more({"description": parameter.get("description"), **parameter["schema"]})


def _content(part: Mapping[str, Any]) -> str:
    found = [kind(each["schema"]) for each in part.get("content", {}).values() if each.get("schema")]
    return " or ".join(found) or ", ".join(part.get("content", {})) or NO_CONTENT
