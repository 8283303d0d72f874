"""Whatever one schema lets be written is valid by the other, wherever the comparison has found no fault."""

import operator
from typing import Any, Final, TypeAlias

from contracts.golden.compatibility import LOWER, RANGE, UPPER, Comparison
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from jsonschema import Draft202012Validator

Schema: TypeAlias = dict[str, Any]

SMALL: Final = st.integers(0, 3)
PLAIN: Final[list[Any]] = [None, True, False, -1, 0, 1, 2, 3, 4, 0.5, 2.5, "", "a", "b", "aa", "aaa", "aaaa"]
LIMITS: Final = {*LOWER, *UPPER, *RANGE}
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


@st.composite
def like(draw: DrawFn, schema: Schema) -> Schema:
    """This schema, or one that is a little otherwise."""
    changed = {key: draw(_like_value(key, value)) for key, value in schema.items()}
    gone = draw(st.sampled_from([None, None, None, *schema.keys() - {"type", "const", "enum", "anyOf"}]))
    return {key: value for key, value in changed.items() if key != gone}


def _like_value(key: str, value: Any) -> SearchStrategy[Any]:
    like_it: SearchStrategy[Any] = st.just(value)
    if key == "properties":
        same = st.fixed_dictionaries({name: like(schema) for name, schema in value.items()})
        like_it = st.builds(
            operator.or_, st.dictionaries(st.sampled_from("xyz"), st.one_of(SCALARS), max_size=1), same
        )
    elif key == "required" and value:
        like_it = st.lists(st.sampled_from(value), unique=True)
    elif key in {"anyOf", "prefixItems"}:
        like_it = st.tuples(*map(like, value)).map(list)
    elif isinstance(value, dict):
        like_it = like(value)
    elif key in LIMITS:
        like_it |= SMALL
    return like_it


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
    said = draw(st.fixed_dictionaries(required, optional={k: v for k, v in fields.items() if k not in required}))
    others = schema.get("additionalProperties", False)
    names = [name for name in "xyzw" if name not in fields]
    if others is False or not names:
        return said
    return said | draw(st.dictionaries(st.sampled_from(names), values({} if others is True else others)))


def has_nothing(value: Any) -> bool:
    """Whether somewhere in it stands a value of a schema that has none."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is NOTHING or any(map(has_nothing, inside))


@settings(deadline=None)
@given(st.data())
def test_what_is_called_readable_is_read(data: st.DataObject) -> None:
    writer = data.draw(SCHEMAS)
    reader = data.draw(like(writer))
    assume(not [*Comparison(writer, reader).faults()])
    written = data.draw(values(writer))
    assume(not has_nothing(written))
    Draft202012Validator(reader).validate(written)


@settings(deadline=None)
@given(SCHEMAS)
def test_whoever_has_the_same_schema_reads_everything_and_loses_nothing(schema: Schema) -> None:
    assert [*Comparison(schema, schema).faults()] == []
