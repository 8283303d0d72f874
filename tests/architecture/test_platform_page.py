"""Every public name of the platform explains itself, and its examples are true."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from platform_page import DOORS, platform_page

TRIP = Path(__file__).parents[2] / "examples" / "trip"
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)

RUN = """
import doctest, importlib, sys
names = {}
for door in sys.argv[1:]:
    module = importlib.import_module(door)
    names |= {name: getattr(module, name) for name in module.__all__}
finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner()
for name, found in names.items():
    for test in finder.find(found, name, module=False, globs=dict(names)):
        runner.run(test)
print(runner.summarize())
sys.exit(runner.failures)
"""


@pytest.mark.parametrize("entry", platform_page().split("\n### ")[1:], ids=lambda entry: entry.split("\n")[0])
def test_a_public_name_is_explained(entry: str) -> None:
    prose = re.sub(r"```.*?```", "", entry.partition("\n")[2], flags=re.DOTALL)
    assert len(prose.split()) >= 5


def test_the_examples_do_what_they_say() -> None:
    """In a process of their own: they declare messages, which no other test should find."""
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", RUN, *(door.__name__ for door in DOORS)],
        env={**os.environ, "PYTHONPATH": str(TRIP)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "attempted=0" not in ran.stdout


@pytest.mark.parametrize("example", FENCE.findall(platform_page()))
def test_an_example_is_python(example: str) -> None:
    compile(example, "example", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
