"""Whether one peer can read all that another may write, as far as their JSON Schemas tell.

A writer writes no field but its own, and may leave out what its own schema does not require. Nothing is assumed
that a schema does not say: where it cannot be shown that all is read, there is a fault. What no schema says, such
as a validator over several fields, is not seen.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from jsonschema import Draft202012Validator

from contracts.golden.schemas import Schema, alternatives

LOWER: Final = ("minLength", "minItems", "minProperties")
UPPER: Final = ("maxLength", "maxItems", "maxProperties")
RANGE: Final = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
COMPARED: Final = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "prefixItems", "default", "$defs"}
).union(LOWER, UPPER, RANGE)
"""Keywords that are known here; of any other the reader may ask no more than that it be as the writer has it."""

ENDLESS: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Fault:
    """A field, by its path, of which not all that is written is read."""

    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.field or 'the whole body'} {self.why}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A writer's schema beside a reader's. With `lossless`, to ignore a field is a fault too."""

    writer: Schema
    reader: Schema
    lossless: bool = False
    _begun: set[tuple[int, int]] = field(default_factory=set)

    def faults(self) -> Iterator[Fault]:
        """What may be written and would not be read; nothing where all is."""
        return self._between(self.writer, self.reader, "")

    def _between(self, writer: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        readers = list(alternatives(self.reader, reader))
        for written in alternatives(self.writer, writer):
            faults = [list(self._of_one(written, read, at)) for read in readers]
            if all(faults):
                kind = written.get("type", "a value")
                alike = [found for read, found in zip(readers, faults, strict=True) if read.get("type") == kind]
                yield from alike[0] if len(alike) == 1 else [_not_read(written, at)]

    def _of_one(self, writer: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        if "const" in writer:
            whole = {**reader, "$defs": self.reader.get("$defs", {})}
            if not Draft202012Validator(whole).is_valid(writer["const"]):
                yield _not_read(writer, at)
            return
        if "type" in reader and writer.get("type") not in {reader["type"], *_narrower(reader["type"])}:
            yield Fault(at, f"is {_words(writer)} where it is written, and read as {_words(reader)}")
            return
        if "type" not in writer and reader.keys() - {"default"}:
            yield Fault(at, f"may be anything where it is written, and is read as {_words(reader)}")
            return
        yield from self._limits(writer, reader, at)
        if writer.get("type") == "array":
            yield from self._items(writer, reader, at)
        if writer.get("type") == "object" and (id(writer), id(reader)) not in self._begun:
            # A model may stand in itself: what is being compared further out is not compared again.
            self._begun.add((id(writer), id(reader)))
            yield from self._fields(writer, reader, at)
            self._begun.discard((id(writer), id(reader)))

    def _limits(self, writer: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        narrower = [
            *(each for each in LOWER if reader.get(each, 0) > writer.get(each, 0)),
            *(each for each in UPPER if reader.get(each, ENDLESS) < writer.get(each, ENDLESS)),
            *(RANGE[:2] if _least(reader) > _least(writer) else ()),
            *(RANGE[2:] if _most(reader) < _most(writer) else ()),
            *(each for each in reader.keys() - COMPARED if writer.get(each) != reader[each]),
        ]
        for keyword in sorted(set(narrower) & reader.keys()):
            here, there = json.dumps(reader[keyword]), json.dumps(writer.get(keyword))
            written = f"{there} where it is written" if keyword in writer else "not limited where it is written"
            yield Fault(at, f"has the {keyword} {here} where it is read, and is {written}")

    def _items(self, writer: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        """Items with a place of their own, as in `tuple[A, B]`, and all that follow."""
        first, most = [*writer.get("prefixItems", ())], writer.get("maxItems", ENDLESS)
        places = max(len(first), len(reader.get("prefixItems", ())))
        for place in range(places):
            if place < most:
                yield from self._between(_item(writer, place), _item(reader, place), f"{at}[{place}]")
        if places < most:
            yield from self._between(_item(writer, places), _item(reader, places), f"{at}[]")

    def _fields(self, writer: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        written, required = writer.get("properties", {}), {*writer.get("required", ())}
        for name, schema in written.items():
            inside, read = _path(at, name), reader.get("properties", {}).get(name)
            if read is None:
                yield from self._unknown(schema, reader, inside)
                continue
            yield from self._between(schema, read, inside)
            if self.lossless and name not in required and schema.get("default") != read.get("default"):
                now, then = json.dumps(read.get("default")), json.dumps(schema.get("default"))
                yield Fault(
                    inside, f"means {now} to who reads it where it is left out, and {then} to who left it out"
                )
        for name in sorted({*reader.get("required", ())} - required):
            how = "may be left out" if name in written else "is not there"
            yield Fault(_path(at, name), f"{how} where it is written, and is required where it is read")
        if free := writer.get("additionalProperties"):
            yield from self._unknown({} if free is True else free, reader, _path(at, "*"))

    def _unknown(self, written: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        others = reader.get("additionalProperties", not self.lossless or None)
        if others is None:
            yield Fault(at, "is not known any more where it is read, and would be lost")
        elif others is False:
            yield Fault(at, "is not known where it is read, and what is not known is refused there")
        elif others is not True:
            yield from self._between(written, others, at)


def _path(at: str, name: str) -> str:
    return f"{at}.{name}".removeprefix(".")


def _item(schema: Schema, place: int) -> Schema:
    first: list[Schema] = schema.get("prefixItems", [])
    rest: Schema | bool = schema.get("items", {})
    if place < len(first):
        return first[place]
    return {} if isinstance(rest, bool) else rest


def _least(schema: Schema) -> tuple[float, bool]:
    """The lower bound, and whether it is excluded; the greater of two bounds excludes more."""
    return max((schema.get("minimum", -ENDLESS), False), (schema.get("exclusiveMinimum", -ENDLESS), True))


def _most(schema: Schema) -> tuple[float, bool]:
    """The upper bound, and whether it is included; the lesser of two bounds excludes more."""
    return min((schema.get("maximum", ENDLESS), True), (schema.get("exclusiveMaximum", ENDLESS), False))


def _narrower(kind: Any) -> tuple[str, ...]:
    return ("integer",) if kind == "number" else ()


def _not_read(written: Schema, at: str) -> Fault:
    return Fault(at, f"may be {_words(written)} where it is written, and is not read then")


def _words(schema: Schema) -> str:
    if "const" in schema:
        return json.dumps(schema["const"])
    return str(schema.get("format") or schema.get("type", "anything"))
