"""If the comparison finds no incompatibility, a message that one schema allows is valid by the other."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from counterstep.protocol.golden.compatibility import LOWER, RANGE, UPPER, Comparison
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from jsonschema import Draft202012Validator

Schema: TypeAlias = dict[str, Any]

SMALL: Final = st.integers(0, 3)
PLAIN: Final[list[Any]] = [None, True, False, -1, 0, 1, 2, 3, 4, 0.5, 2.5, "", "a", "b", "aa", "aaa", "aaaa"]
LIMITS: Final = {*LOWER, *UPPER, *RANGE}
MORE: Final[dict[str | None, Schema]] = {
    "string": {"minLength": 2, "maxLength": 1, "pattern": "^a*$"},
    "integer": {"minimum": 2, "exclusiveMinimum": 1, "maximum": 1, "exclusiveMaximum": 2, "multipleOf": 2},
    "number": {"minimum": 2, "exclusiveMinimum": 1, "maximum": 1, "exclusiveMaximum": 2, "type": "integer"},
    "array": {"minItems": 2, "maxItems": 1, "items": {"type": "null"}, "prefixItems": [{"type": "null"}]},
    "object": {"additionalProperties": False, "required": ["w"]},
}
"""What may be asked besides of a value of this type."""
NOTHING: Final[Any] = object()
SCALARS: Final[list[SearchStrategy[Schema]]] = [
    st.just({"type": "null"}),
    st.just({"type": "boolean"}),
    st.sampled_from([{"const": 1}, {"const": "a"}, {"const": None}, {"enum": ["a", "b", 2]}]),
    st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": SMALL, "maxLength": SMALL}),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={"minimum": SMALL, "exclusiveMinimum": SMALL, "maximum": SMALL, "exclusiveMaximum": SMALL},
    ),
]


@st.composite
def objects(draw: DrawFn, inner: SearchStrategy[Schema]) -> Schema:
    properties = draw(st.dictionaries(st.sampled_from("xyz"), inner, max_size=3))
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    others = draw(st.just({}) | (st.booleans() | inner).map(lambda each: {"additionalProperties": each}))
    return {"type": "object", "properties": properties, "required": required, **others}


def arrays(inner: SearchStrategy[Schema]) -> SearchStrategy[Schema]:
    first = st.lists(inner, max_size=2)
    return st.fixed_dictionaries(
        {"type": st.just("array")},
        optional={"items": inner, "prefixItems": first, "minItems": SMALL, "maxItems": SMALL},
    )


def options(inner: SearchStrategy[Schema]) -> SearchStrategy[Schema]:
    return st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)})


SCHEMAS: Final = st.recursive(
    st.one_of(SCALARS), lambda inner: objects(inner) | arrays(inner) | options(inner), max_leaves=5
)


def otherwise(schema: Schema) -> Iterator[Schema]:
    """This schema with one thing changed in it, in each way there is here."""
    for key in schema.keys() - {"type", "const", "enum", "anyOf"}:
        yield {name: value for name, value in schema.items() if name != key}
    for key, value in MORE.get(schema.get("type"), {}).items():
        yield schema | {key: value}
    for key in LIMITS & schema.keys():
        yield from (schema | {key: other} for other in (schema[key] + 1, max(0, schema[key] - 1)))
    for key in {"items", "additionalProperties"} & schema.keys():
        if isinstance(schema[key], dict):
            yield from (schema | {key: other} for other in otherwise(schema[key]))
    for key in {"anyOf", "prefixItems"} & schema.keys():
        yield from (schema | {key: others} for others in _lists(schema[key]))
    if schema.get("type") == "object":
        yield schema | {"properties": schema.get("properties", {}) | {"w": {"type": "null"}}}
    for name, field in schema.get("properties", {}).items():
        yield schema | {"required": [name]}
        yield from (schema | {"properties": schema["properties"] | {name: other}} for other in otherwise(field))


def _lists(schemas: list[Schema]) -> Iterator[list[Schema]]:
    for nth, schema in enumerate(schemas):
        yield from ([*schemas[:nth], other, *schemas[nth + 1 :]] for other in otherwise(schema))
    if len(schemas) > 1:
        yield schemas[:-1]


def values(schema: Schema) -> SearchStrategy[Any]:
    """What a writer of this schema may write: no field but its own."""
    match schema:
        case {"anyOf": schemas}:
            return st.one_of(*map(values, schemas))
        case {"type": "array"}:
            return arrays_of(schema)
        case {"type": "object"}:
            return objects_of(schema)
    valid = Draft202012Validator(schema).is_valid
    return st.sampled_from([value for value in PLAIN if valid(value)] or [NOTHING])


@st.composite
def arrays_of(draw: DrawFn, schema: Schema) -> list[Any]:
    first, rest = schema.get("prefixItems", []), schema.get("items", {})
    least, most = schema.get("minItems", 0), schema.get("maxItems", 4)
    assume(least <= most)
    return [
        draw(values(first[nth] if nth < len(first) else rest)) for nth in range(draw(st.integers(least, most)))
    ]


@st.composite
def objects_of(draw: DrawFn, schema: Schema) -> dict[str, Any]:
    fields = {name: values(inner) for name, inner in schema.get("properties", {}).items()}
    required = {name: fields[name] for name in schema.get("required", ()) if name in fields}
    body = draw(st.fixed_dictionaries(required, optional={k: v for k, v in fields.items() if k not in required}))
    others = schema.get("additionalProperties", False)
    names = [name for name in "xyzw" if name not in fields]
    if others is False or not names:
        return body
    return body | draw(st.dictionaries(st.sampled_from(names), values({} if others is True else others)))


def has_nothing(value: Any) -> bool:
    """Whether somewhere in it stands a value of a schema that has none."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is NOTHING or any(map(has_nothing, inside))


@settings(deadline=None)
@given(
    SCHEMAS.flatmap(lambda schema: st.tuples(st.just(schema), st.lists(values(schema), min_size=1, max_size=3)))
)
def test_what_is_called_readable_is_read(written: tuple[Schema, list[Any]]) -> None:
    writer, body = written
    assume(not has_nothing(body))
    for reader in [writer, *otherwise(writer)]:
        if not [*Comparison(writer, reader).faults()]:
            for value in body:
                Draft202012Validator(reader).validate(value)


@settings(deadline=None)
@given(SCHEMAS)
def test_a_peer_with_the_same_schema_reads_everything_and_loses_nothing(schema: Schema) -> None:
    assert [*Comparison(schema, schema).faults()] == []
