"""JSON Schemas as pydantic writes them: what binds in them, and the alternatives that one allows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from counterstep.protocol.messages import Message
from counterstep.protocol.refusal_codes import EXTENSIBLE_ENUM

Schema: TypeAlias = Mapping[str, Any]

ANNOTATIONS: Final = frozenset(
    {"title", "description", "examples", "deprecated", "discriminator", EXTENSIBLE_ENUM}
)
"""Keywords that bind no reader. The values of an extensible enumeration bind its senders alone."""
NAMES: Final = frozenset({"properties", "$defs"})
"""Keywords under which the keys are names, and no keywords."""
VALUES: Final = frozenset({"default", "const", "enum"})
"""Keywords under which stands what a message may say."""


def schema_of(message: type[Message]) -> dict[str, Any]:
    """What a body of this message must be, and nothing said about it."""
    bare: dict[str, Any] = _bare(message.model_json_schema())
    return bare


def resolved(root: Schema, schema: Schema) -> Schema:
    """The schema itself, or the definition in `root` that it points to."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


def alternatives(root: Schema, schema: Schema) -> Iterator[Schema]:
    """The schemas of which a value needs to match one; each value of an enumeration is one of them."""
    schema = resolved(root, schema)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            for alternative in schema[keyword]:
                yield from alternatives(root, alternative)
            return
    if "enum" in schema:
        yield from ({"const": value} for value in schema["enum"])
    elif "const" in schema:
        yield {"const": schema["const"]}
    else:
        yield schema


def _bare(schema: Any) -> Any:
    match schema:
        case dict():
            return {key: _bare_under(key, value) for key, value in schema.items() if key not in ANNOTATIONS}
        case list():
            return [_bare(each) for each in schema]
        case _:
            return schema


def _bare_under(keyword: str, value: Any) -> Any:
    if keyword in NAMES:
        return {name: _bare(schema) for name, schema in value.items()}
    return value if keyword in VALUES else _bare(value)
