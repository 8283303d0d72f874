"""The commands in the documents exist, and the code that they show is the code that runs."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from api_documents import documents
from counterstep.saga.drawings import drawn, page
from counterstep.saga.registry import Registry
from documented import BESIDE, DOCUMENTS, SHELL, blocks, name, typed
from infra.cli.app import app
from infra.machine.checkout import CHECKOUT
from orchestrator.sagas import SAGAS
from typer.core import TyperGroup

SAGA: Final = re.compile(r"(?:^|[ (])(?:\.venv/bin/)?saga (-?-?[a-z][a-z-]*(?!\w)[^|)&>;\n]*)")
MAKE: Final = re.compile(r"^(?:[A-Z_]+=\S* )*make((?: [a-z-]+)+)\b")
CALL: Final = re.compile(r"^(GET|POST|PUT|DELETE) (?::\d+)?(/[^ ?]*)")
PARAMETER: Final = re.compile(r"\{\w+\}")
COMMAND: Final = typer.main.get_command(app)
TARGETS: Final = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
SOURCES: Final = [
    path.read_text()
    for folder in ("contracts", "libs", "services", "infra", "tests")
    for path in (CHECKOUT / folder).rglob("*.py")
]
KNOWN: Final = {SHELL, "python", "mermaid", "sql", ""}  # a block without a language is a drawing or an output

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=name)
every_page = pytest.mark.parametrize("page", [*DOCUMENTS, *BESIDE], ids=name)


@every_document
def test_the_code_in_a_document_is_code_of_this_repository(document: Path) -> None:
    for block in blocks(document):
        if block.language == "python":
            assert any(block.text.strip() in source for source in SOURCES), f"{name(document)}:{block.line}"


@every_document
def test_a_document_has_no_block_that_nobody_checks(document: Path) -> None:
    for block in blocks(document):
        assert block.language in KNOWN, f"{name(document)}:{block.line}: nothing runs or checks {block.language}"
        assert not block.needless, f"{name(document)}:{block.line}: no line begins with {block.needless}"


@every_document
def test_every_diagram_is_drawn_from_its_saga(document: Path) -> None:
    drawings = "".join(
        drawn(page(CHECKOUT / "docs", saga).read_text(), saga) for saga in Registry(SAGAS).started_by.values()
    )
    for block in blocks(document):
        assert block.language != "mermaid" or block.text in drawings


@every_page
def test_a_command_on_a_page_is_one_that_there_is(page: Path) -> None:
    for line in typed(page):
        for match in SAGA.findall(line):
            assert not _unknown(COMMAND, match.split()), line
        if match := MAKE.match(line):
            assert set(match[1].split()) <= TARGETS, line


def test_a_call_of_an_api_in_a_document_is_answered_by_a_service() -> None:
    answered = {
        (method.upper(), PARAMETER.sub("{}", path))
        for _, document in documents()
        for path, methods in document.get("paths", {}).items()
        for method in methods
    }
    calls = [call for document in DOCUMENTS for line in typed(document) if (call := CALL.match(line))]
    assert calls
    assert [call[0] for call in calls if (call[1], PARAMETER.sub("{}", call[2])) not in answered] == []


def _unknown(command: Any, words: list[str]) -> list[str]:
    """The words that name neither a command nor an option of it; Typer has no public type for a command."""
    if isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return words[:1]
        _, inside, rest = command.resolve_command(typer.Context(command), words)
        return _unknown(inside, rest)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return [word for word in words if word.startswith("-") and word.split("=")[0] not in {*known, "--help"}]
