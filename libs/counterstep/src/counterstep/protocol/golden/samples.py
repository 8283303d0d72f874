"""A sample of a message, made from its schema: the same one each time, with every field."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from counterstep.protocol.golden.schemas import Schema, resolved
from counterstep.protocol.messages import Message

FORMATS: Final[Mapping[str, str]] = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "date-time": "2026-01-01T12:00:00Z",
    "date": "2026-01-01",
    "duration": "PT30S",
}


def sample_of(message: type[Message]) -> dict[str, Any]:
    """What is written of this sample. Raises `ValueError` where one needs examples, because of a pattern, say."""
    schema = message.model_json_schema()
    try:
        return message.model_validate(_value(schema, schema)).model_dump(mode="json")
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise ValueError(f"no sample of {message.__name__} can be made: give {where} `examples`") from None


def _value(root: Schema, schema: Schema) -> Any:
    """The field's own example, where it has one."""
    schema = {**resolved(root, schema), **schema}
    for keyword in ("examples", "enum"):
        if keyword in schema:
            return schema[keyword][0]
    if "const" in schema:
        return schema["const"]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return _value(root, options[0])
    return KINDS[schema["type"]](root, schema)


def _object(root: Schema, schema: Schema) -> dict[str, Any]:
    return {name: _value(root, inner) for name, inner in schema.get("properties", {}).items()}


def _array(root: Schema, schema: Schema) -> list[Any]:
    if "prefixItems" in schema:
        return [_value(root, inner) for inner in schema["prefixItems"]]
    return [_value(root, schema["items"])] * max(1, schema.get("minItems", 1))


def _number(_: Schema, schema: Schema) -> Any:
    return max(1, schema.get("minimum", 1))


KINDS: Final[Mapping[str, Callable[[Schema, Schema], Any]]] = {
    "object": _object,
    "array": _array,
    "string": lambda _, schema: FORMATS.get(schema.get("format", ""), "text"),
    "integer": _number,
    "number": _number,
    "boolean": lambda *_: True,
    "null": lambda *_: None,
}
