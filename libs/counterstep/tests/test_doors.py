"""The doors of the platform: few names, each explained, and none that costs more than it needs."""

import subprocess
import sys
from importlib import import_module
from typing import Final

import pytest

DOORS: Final = (
    "counterstep",
    "counterstep.saga",
    "counterstep.http",
    "counterstep.testing",
    "counterstep.protocol",
    "counterstep.fields",
    "counterstep.http.paging",
    "counterstep.http.waiting",
    "counterstep.messaging",
    "counterstep.migrations",
    "counterstep.orchestration",
    "counterstep.provision",
)
AUTHORS: Final = DOORS[:4]
"""What a first service and its saga need. The others are for what fewer need, and for operators."""

MOST_NAMES: Final = 23
PURE: Final = """
import sys

class OnlyPydantic:
    '''Refuses every library that the platform's wheel does not bring along without an extra.'''

    PYDANTIC = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        ours = top == "counterstep" or top in self.PYDANTIC
        if not ours and top not in sys.stdlib_module_names and not top.startswith("_"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, OnlyPydantic())
"""


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603 - ours


@pytest.mark.parametrize("door", DOORS)
def test_every_public_name_can_be_imported_from_its_package(door: str) -> None:
    module = import_module(door)
    assert list(module.__all__) == sorted(module.__all__, key=lambda name: (not name[0].isupper(), name))
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_no_name_is_public_in_two_packages() -> None:
    names = [name for door in DOORS for name in import_module(door).__all__]
    assert len(names) == len(set(names))


def test_authors_need_few_names() -> None:
    names = [name for door in AUTHORS for name in import_module(door).__all__]
    assert len(names) <= MOST_NAMES, names


def test_contracts_sagas_and_their_rehearsal_need_pydantic_alone() -> None:
    tried = python(
        PURE
        + """
import counterstep
from counterstep import Command, Refusal, Reply, StartEvent, Token, Topology
from counterstep.protocol import CancellationEvent, Past
from counterstep.saga import Abort, Saga, parallel, step
from counterstep.testing import rehearse
"""
    )
    assert tried.returncode == 0, tried.stderr


def test_a_library_that_is_missing_is_named_with_the_extra_that_brings_it() -> None:
    tried = python(PURE + "from counterstep.http import Problem")
    assert tried.returncode == 1
    assert "install counterstep[service]" in tried.stderr


def test_a_name_that_is_not_public_is_an_import_error() -> None:
    tried = python("from counterstep import Relay")
    assert tried.returncode == 1
    assert "cannot import name 'Relay'" in tried.stderr


@pytest.mark.parametrize(
    ("before", "now", "name"),
    [
        ("counterstep", "counterstep.messaging", "Runtime"),
        ("counterstep", "counterstep.protocol", "CancellationEvent"),
        ("counterstep", "counterstep.protocol", "Past"),
        ("counterstep.http", "counterstep.fields", "Jsonb"),
        ("counterstep.http", "counterstep.fields", "OneLine"),
        ("counterstep.http", "counterstep.http.paging", "Page"),
        ("counterstep.http", "counterstep.http.paging", "Paging"),
    ],
)
def test_a_name_that_has_moved_still_works_and_says_where_it_is_now(before: str, now: str, name: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"import {name} from {now}, not from {before}$"):
        found = getattr(import_module(before), name)
    assert found is getattr(import_module(now), name)
