"""JSON schemas as tables: what OpenAPI and AsyncAPI documents have in common."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

BOUNDS: Final = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "minLength": "{} characters or more",
    "maxLength": "{} characters or fewer",
    "minItems": "{} or more",
    "maxItems": "{} or fewer",
    "pattern": "like `{}`",
    "default": "`{}` where nothing is said",
}


def tables(schemas: Mapping[str, Schema]) -> Iterator[str]:
    """A section for each schema, which `kind` links to."""
    for name, schema in sorted(schemas.items()):
        yield f"### {name} {{#{name}}}"
        yield from body(schema)


def body(schema: Schema) -> Iterator[str]:
    """What a schema's author says of it, and its fields."""
    if text := schema.get("description"):
        yield text
    if fields := schema.get("properties"):
        required = schema.get("required", ())
        rows = ((f"`{name}`", needed(name in required), kind(each), more(each)) for name, each in fields.items())
        yield table(("field", "", "what", ""), *rows)
    elif "type" in schema or "enum" in schema:
        yield kind(schema)


def table(*rows: Iterable[str]) -> str:
    """A table in Markdown, of its head and its rows."""
    head, *others = (list(row) for row in rows)
    lines = [head, ["---"] * len(head), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def kind(schema: Schema) -> str:
    """What a value is, in a few words."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(map(kind, choices))
    if "items" in schema:
        return f"list of {kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "anything"))


def needed(always: bool) -> str:  # noqa: FBT001 - it is what the document says
    return "" if always else "optional"


def more(schema: Schema) -> str:
    """What else is said of a value: its meaning and its bounds."""
    bounds = [words.format(schema[bound]) for bound, words in BOUNDS.items() if schema.get(bound) is not None]
    return "; ".join(filter(None, [schema.get("description"), *bounds])).replace("|", "\\|")
