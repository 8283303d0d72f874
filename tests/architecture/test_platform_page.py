"""Every public name of the platform explains itself in four parts, and its examples are true."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
from platform_examples import FENCED
from platform_page import DOORS, docstring

TESTS: Final = Path(__file__).parents[1]
TRIP: Final = TESTS.parent / "examples" / "trip"
EXPLAINED: Final = MappingProxyType(
    {name: docstring(name, getattr(door, name)) for door in DOORS for name in door.__all__}
)
FEWEST_WORDS: Final = 5


def parts(text: str) -> set[str]:
    """Which of the four parts this docstring has."""
    prose = re.sub(r"^>>>.*", "", FENCED.sub("", text), flags=re.MULTILINE | re.DOTALL)
    meaning = prose.partition("\nUnits: ")[0].partition("\nRaises: ")[0]
    return {
        *(["meaning"] if len(meaning.split()) >= FEWEST_WORDS else []),
        *(["units"] if re.search(r"^Units: \S", prose, re.MULTILINE) else []),
        *(["errors"] if re.search(r"^Raises: \S", prose, re.MULTILINE) else []),
        *(["example"] if FENCED.search(text) or re.search(r"^>>> ", text, re.MULTILINE) else []),
    }


@cache
def ran() -> subprocess.CompletedProcess[str]:
    """In a process of their own: the examples declare messages, which no other test should find."""
    return subprocess.run(
        [sys.executable, "-m", "platform_examples"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TRIP)))},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_public_name_has_a_meaning_units_errors_and_an_example(name: str) -> None:
    assert parts(EXPLAINED[name]) == {"meaning", "units", "errors", "example"}


@pytest.mark.parametrize(
    ("missing", "text"),
    [
        ("meaning", "Units: none.\n\nRaises: nothing.\n\n>>> 1\n1"),
        ("units", "It means something that is worth words.\n\nRaises: nothing.\n\n>>> 1\n1"),
        ("errors", "It means something that is worth words.\n\nUnits: none.\n\n>>> 1\n1"),
        ("example", "It means something that is worth words.\n\nUnits: none.\n\nRaises: nothing."),
    ],
)
def test_a_part_that_is_missing_is_seen(missing: str, text: str) -> None:
    assert parts(text) == {"meaning", "units", "errors", "example"} - {missing}


def test_the_example_of_every_public_name_runs() -> None:
    assert ran().returncode == 0, ran().stdout + ran().stderr
    assert ran().stdout.split() == list(EXPLAINED)
