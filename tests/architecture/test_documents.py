"""What the documents name is there: each symbol, and each test that proves a row of the table of failures."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
TABLE = DOCS / "failures.md"
GUARANTEES = DOCS / "guarantees.md"
PROMISE = re.compile(r"^- \*\*(.+?)\.\*\*", re.MULTILINE)
LINK = re.compile(r"\[`([\w.]+)`\]\(([^)]+)\)")
LEAST_FAULTS = 25


def rows(table: Path, heading: str) -> list[list[str]]:
    """The cells of each row but those of the heading, which begins with this word."""
    lines = table.read_text().splitlines()
    cells = [line.strip("|").split(" | ") for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in cells if row[0].strip() != heading]


def links() -> set[tuple[Path, str, str]]:
    """Document, symbol and path of each link to a symbol."""
    return {
        (document, symbol, path)
        for document in DOCS.rglob("*.md")
        for symbol, path in LINK.findall(document.read_text())
        if path.endswith(".py")
    }


def symbols(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    """Every class, function, method and constant that a module defines."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield prefix + name
                yield from symbols(node, f"{prefix}{name}.")
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield prefix + name


@pytest.mark.parametrize(("document", "symbol", "path"), sorted(links()))
def test_what_a_document_links_to_is_there(document: Path, symbol: str, path: str) -> None:
    module = (document.parent / path).resolve()
    assert symbol in set(symbols(ast.parse(module.read_text())))


def test_every_fault_is_listed_once_and_proven_by_a_test() -> None:
    faults = [failure for failure, _, _ in rows(TABLE, "Failure")]
    assert len(faults) == len(set(faults)) >= LEAST_FAULTS
    assert all(is_proven(proof) for _, _, proof in rows(TABLE, "Failure"))


def test_every_promise_is_proven_by_a_test() -> None:
    promised = dict(rows(GUARANTEES, "Promise"))
    of_readme = PROMISE.findall((DOCS.parent / "README.md").read_text())
    assert of_readme == list(promised)[-len(of_readme) :]
    assert all(map(is_proven, promised.values()))


def is_proven(proof: str) -> bool:
    """Whether a test is linked, and nothing else."""
    linked = LINK.findall(proof)
    return bool(linked) and all(symbol.startswith("test_") for symbol, _ in linked)
