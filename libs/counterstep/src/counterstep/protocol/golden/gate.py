"""What is wrong with the messages beside their golden files, and what to do about it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from pydantic import ValidationError

from counterstep.protocol.golden.compatibility import Comparison
from counterstep.protocol.golden.frozen import Golden, answers_to
from counterstep.protocol.golden.schemas import schema_of
from counterstep.protocol.messages import Command, Message, Past
from counterstep.protocol.naming import upcast

WRITE: Final = "the same command with --write"


def problems(messages: Mapping[str, type[Message]], folder: Path) -> Iterator[str]:
    """Messages by their type names, each beside its file; nothing where every peer reads every other."""
    for name, message in messages.items():
        file = _file(folder, name)
        if not file.exists():
            yield f"{file.name} is missing: {WRITE} makes it"
            continue
        golden = Golden.read(file)
        found = faults(golden, message)
        yield from (f"{name}: {each}" for each in found)
        if found:
            yield advice(name, message)
        elif golden.schema != schema_of(message):
            yield f"{name} has grown, and every peer can read it: {WRITE} puts it into {file.name}"
    for file in sorted({*folder.glob("*.json")} - {_file(folder, name) for name in messages}):
        yield (
            f"{file.name} has no message: peers may still send it, and databases hold it. Declare it in"
            " the subpackage `past`; when it is nowhere left (docs/contracts.md says where to look),"
            " delete the file"
        )


def write(messages: Mapping[str, type[Message]], folder: Path) -> Iterator[Path]:
    """Write the files that are missing, and the schemas of what has grown and every peer can read; name them."""
    for name, message in messages.items():
        file = _file(folder, name)
        if not file.exists():
            Golden.of(message).write(file)
            yield file
            continue
        golden = Golden.read(file)
        if golden.schema != schema_of(message) and not faults(golden, message):
            replace(golden, schema=schema_of(message)).write(file)
            yield file


def faults(golden: Golden, message: type[Message]) -> list[str]:
    """What peers could not read, by the schemas; or, where they find nothing, by the sample."""
    return [*unread(golden, message)] or [*misread(golden, message)]


def unread(golden: Golden, message: type[Message]) -> Iterator[str]:
    """What one peer may write and another could not read, while some are newer than others."""
    older, newer = golden.schema, schema_of(message)
    for fault in Comparison(older, newer, lossless=True).faults():
        yield f"{fault} (older → newer)"
    for fault in Comparison(newer, older).faults():
        yield f"{fault} (newer → older)"
    if issubclass(message, Command) and golden.answers != answers_to(message):
        now, then = (", ".join(each) for each in (answers_to(message), golden.answers))
        yield f"it is answered by {now}, where older peers know {then} (newer → older)"


def misread(golden: Golden, message: type[Message]) -> Iterator[str]:
    """What the sample shows that schemas do not tell: validators, serializers, upcasts."""
    try:
        read = message.model_validate_json(json.dumps(golden.sample))
        upcast(read)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        yield f"its sample is not read any more: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        return
    if fault := best_match(Draft202012Validator(golden.schema).iter_errors(read.model_dump(mode="json"))):
        yield f"its sample is written so that older peers do not read it: {fault.json_path}: {fault.message}"


def advice(name: str, message: type[Message]) -> str:
    """What to do where a version was changed in a way that some peer cannot read."""
    if issubclass(message, Past):
        return f"Leave {name} as it was: what was said cannot be changed any more."
    return (
        f"Leave {name} as it was: move it to the subpackage `past`, with an `upcast` to the changed message"
        f" beside it as v{message.version + 1}, and upgrade its consumers before its senders (docs/contracts.md)."
    )


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
