"""Definitions are frozen: the description of each version is kept in a golden file, and must not change.

Instances that have not ended depend on it. A change of a definition is a new version beside the old one. A newer
version of one of its commands is no change: the service that handles it reads both, which the golden files of the
contracts see to, and it is deployed first.

python -m counterstep.saga.golden MODULE:REGISTRY FOLDER            fails where a definition has changed
python -m counterstep.saga.golden MODULE:REGISTRY FOLDER --write    writes the golden files of new versions
"""

import argparse
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from counterstep.saga.definition import Saga
from counterstep.saga.description import describe
from counterstep.saga.registry import Registry

_COMMAND: Final = re.compile(r"(\w+\.\w+)\.v(\d+)")


def problems(sagas: Iterable[Saga[Any]], folder: Path) -> Iterator[str]:
    """What is wrong and how to fix it, a line each; nothing where every definition matches its golden file."""
    registered = {_file(folder, saga): saga for saga in sagas}
    for file, saga in registered.items():
        if not file.exists():
            yield f"{file.name} is missing: the same command with --write makes it"
        elif changes := list(differences(json.loads(file.read_text()), describe(saga))):
            yield from (f"{file.name}: {change}" for change in changes)
            yield (
                f"Instances are pinned to {saga.name} v{saga.version}: leave it as it was, and register the change"
                f" beside it as v{saga.version + 1}. GET /sagas/definitions shows how many instances of"
                f" v{saga.version} are left; when there is none, it may be removed."
            )
    for file in sorted(set(folder.glob("*.json")) - registered.keys()):
        yield (
            f"{file.name} has no registered definition: register it again, or, if GET /sagas/definitions"
            " shows that no instance of it is left, delete the file"
        )


def write_missing(sagas: Iterable[Saga[Any]], folder: Path) -> Iterator[Path]:
    """Write the golden file of each definition that has none, and yield its path."""
    for file, saga in {_file(folder, saga): saga for saga in sagas}.items():
        if not file.exists():
            file.write_text(json.dumps(describe(saga), indent=2) + "\n")
            yield file


def differences(frozen: Any, now: Any, path: str = "") -> Iterator[str]:
    """Where two descriptions differ, by path."""
    if not (isinstance(frozen, dict) and isinstance(now, dict)):
        if frozen != now and not _is_newer(frozen, now):
            yield f"{path}: {json.dumps(frozen)} → {json.dumps(now)}"
        return
    for name in frozen | now:
        inside = f"{path}.{name}".removeprefix(".")
        if name not in now:
            yield f"{inside} was removed"
        elif name not in frozen:
            yield f"{inside} was added"
        else:
            yield from differences(frozen[name], now[name], inside)


def _is_newer(frozen: Any, now: Any) -> bool:
    """Whether both name one command, and the definition of today sends a newer version of it."""
    then, today = _COMMAND.fullmatch(str(frozen)), _COMMAND.fullmatch(str(now))
    return then is not None and today is not None and then[1] == today[1] and int(then[2]) < int(today[2])


def _file(folder: Path, saga: Saga[Any]) -> Path:
    return folder / f"{saga.name}.v{saga.version}.json"


def main() -> None:
    """Check every definition, or write new golden files. Exits with what is wrong."""
    parser = argparse.ArgumentParser(description="Check every saga definition against its golden file.")
    parser.add_argument("sagas", help="where the sagas are, for example trip.sagas:SAGAS")
    parser.add_argument("folder", type=Path, help="the folder of the golden files")
    parser.add_argument("--write", action="store_true", help="write the golden files of new versions first")
    given = parser.parse_args()
    sagas = Registry(pkgutil.resolve_name(given.sagas))
    if given.write:
        for written in write_missing(sagas, given.folder):
            print(f"wrote {written}")  # noqa: T201 - this command's whole purpose
    if found := list(problems(sagas, given.folder)):
        raise SystemExit("\n".join(found))


if __name__ == "__main__":
    main()
