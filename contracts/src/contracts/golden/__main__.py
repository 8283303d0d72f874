"""Check every version of every message against its golden file.

python -m contracts.golden            fails where an older or a newer peer could not read a message
python -m contracts.golden --write    writes the golden files of new versions, and what others have gained
"""

import argparse
from pathlib import Path
from typing import Final

from contracts.golden.gate import problems, write
from contracts.naming import versions

GOLDEN: Final = Path(__file__).parents[3] / "golden"


def main() -> None:
    """Check, or write; exit with what is wrong."""
    parser = argparse.ArgumentParser(description="Check every version of every message.")
    parser.add_argument("--write", action="store_true", help="write new versions, and compatible growth, first")
    if parser.parse_args().write:
        try:
            for written in write(versions(), GOLDEN):
                print(f"wrote {written}")  # noqa: T201 - this command's whole purpose
        except ValueError as error:
            raise SystemExit(str(error)) from None
    if found := list(problems(versions(), GOLDEN)):
        raise SystemExit("\n".join(found))


if __name__ == "__main__":
    main()
