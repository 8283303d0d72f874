"""Check every version of every message against its golden file.

python -m counterstep.protocol.golden PACKAGE FOLDER            fails where an older or newer peer cannot read one
python -m counterstep.protocol.golden PACKAGE FOLDER --write    writes the files of new and grown versions
"""

import argparse
import importlib
from pathlib import Path

from counterstep.protocol.contracts import Contracts
from counterstep.protocol.golden.gate import problems, write


def main() -> None:
    """Check, or write; exit with what is wrong."""
    parser = argparse.ArgumentParser(description="Check every version of every message.")
    parser.add_argument("package", help="the package whose modules declare the messages")
    parser.add_argument("folder", type=Path, help="the folder of the golden files")
    parser.add_argument("--write", action="store_true", help="write new versions, and compatible growth, first")
    given = parser.parse_args()
    versions = Contracts(importlib.import_module(given.package)).versions
    if given.write:
        try:
            for written in write(versions, given.folder):
                print(f"wrote {written}")  # noqa: T201 - this command's whole purpose
        except ValueError as error:
            raise SystemExit(str(error)) from None
    if found := list(problems(versions, given.folder)):
        raise SystemExit("\n".join(found))


if __name__ == "__main__":
    main()
