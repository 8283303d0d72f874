"""Whether one peer can read all that another may write, as far as their JSON Schemas tell.

A writer writes no field but its own, and may leave out what its own schema does not require. Nothing is assumed
that a schema does not say: where it cannot be shown that all is read, there is a fault. What no schema says, such
as a validator over several fields, is not seen.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from jsonschema import Draft202012Validator

from counterstep.protocol.golden.schemas import Schema, alternatives

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
                alike = [found for read, found in zip(readers, faults, strict=True) if _alike(written, read)]
                yield from alike[0] if len(alike) == 1 else [_not_read(written, at)]

    def _of_one(self, writer: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        if "const" in writer:
            whole = {**reader, "$defs": self.reader.get("$defs", {})}
            if not Draft202012Validator(whole).is_valid(writer["const"]):
                yield _not_read(writer, at)
            return
        takes = reader.get("type")
        kinds = ("integer", "number") if takes == "number" else (takes,)
        if writer.get("type") not in kinds and reader.keys() - {"default"}:
            yield _not_read(writer, at)
            return
        yield from self._limits(writer, reader, at)
        if writer.get("type") == "array":
            yield from self._items(writer, reader, at)
        if writer.get("type") == "object" and (id(writer), id(reader)) not in self._begun:
            # A model may contain itself: one that is being compared further out is not compared again.
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
        written, read = writer.get("properties", {}), reader.get("properties", {})
        for name in written:
            if name in read:
                yield from self._between(written[name], read[name], _path(at, name))
            else:
                yield from self._unknown(written[name], reader, _path(at, name))
        for name in sorted({*reader.get("required", ())} - {*writer.get("required", ())}):
            how = "may be left out" if name in written else "is not there"
            yield Fault(_path(at, name), f"{how} where it is written, and has no default where it is read")
        if self.lossless:
            yield from _defaults(writer, reader, at)
        if any_other := writer.get("additionalProperties"):
            others: Schema = {} if any_other is True else any_other
            yield from self._unknown(others, reader, _path(at, "*"))
            for name in read.keys() - written.keys():
                yield from self._between(others, read[name], _path(at, name))

    def _unknown(self, written: Schema, reader: Schema, at: str) -> Iterator[Fault]:
        others = reader.get("additionalProperties")
        if others is None and self.lossless:
            yield Fault(at, "is not known any more where it is read, and would be lost")
        elif others is False:
            yield Fault(at, "is not known where it is read, and what is not known is refused there")
        elif isinstance(others, dict):
            yield from self._between(written, others, at)


def _defaults(writer: Schema, reader: Schema, at: str) -> Iterator[Fault]:
    """What is left out means something else to who reads it than to who wrote it."""
    always_there = {*writer.get("required", ()), *reader.get("required", ())}
    for name, schema in writer.get("properties", {}).items():
        then, now = schema.get("default"), reader.get("properties", {}).get(name, schema).get("default")
        if name not in always_there and then != now:
            yield Fault(
                _path(at, name), f"meant {json.dumps(then)} where it is left out, and means {json.dumps(now)} now"
            )


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


def _alike(writer: Schema, reader: Schema) -> bool:
    return "const" not in {**writer, **reader} and writer.get("type") == reader.get("type")


def _not_read(written: Schema, at: str) -> Fault:
    return Fault(at, f"may be {_words(written)} where it is written, which is not read")


def _words(schema: Schema) -> str:
    if "const" in schema:
        return json.dumps(schema["const"])
    return str(schema.get("format") or schema.get("type", "anything"))
