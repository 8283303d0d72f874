"""What the documents name is there: each symbol, each stop of the tour, and the proof of each fault."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
TABLE = DOCS / "failures.md"
GUARANTEES = DOCS / "guarantees.md"
PROMISE = re.compile(r"^- \*\*(.+?)\.\*\*", re.MULTILINE)
LINK = re.compile(r"\[`([\w.]+)`\]\(([^)]+)\)")
STOP = re.compile(r"\[`([\w/.]+)::([\w.]+)`\]\(([^)]+)\)")
LEAST_FAULTS = 25
MOST_STOPS = 20
CHECKOUT = DOCS.parent
POINTS = 12
COUNTERMEASURES = 6


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


def stops() -> list[tuple[str, str, str]]:
    """Path, symbol and link of each stop of the tour, in its order."""
    return STOP.findall((DOCS / "tour.md").read_text())


def sections(document: str) -> dict[str, str]:
    """Heading → text of each part of a document."""
    _, *parts = (DOCS / document).read_text().split("\n## ")
    return {heading: text for heading, _, text in (part.partition("\n") for part in parts)}


@cache
def symbols_of(module: Path) -> frozenset[str]:
    """Every name that the module defines."""
    return frozenset(symbols(ast.parse(module.read_text())))


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
    assert symbol in symbols_of((document.parent / path).resolve())


def test_every_fault_is_listed_once_and_proven_by_a_test() -> None:
    faults = [failure for failure, _, _ in rows(TABLE, "Failure")]
    assert len(faults) == len(set(faults)) >= LEAST_FAULTS
    assert all(is_proven(proof) for _, _, proof in rows(TABLE, "Failure"))


@pytest.mark.parametrize(("path", "symbol", "link"), stops())
def test_a_stop_of_the_tour_is_there(path: str, symbol: str, link: str) -> None:
    assert (DOCS / link).resolve() == CHECKOUT / path
    assert symbol in symbols_of(CHECKOUT / path)


def test_the_tour_is_short() -> None:
    assert 0 < len(stops()) <= MOST_STOPS


def test_the_tour_leads_through_every_service_that_an_order_needs() -> None:
    seen = {path.split("/")[1] for path, _, _ in stops() if path.startswith("services/")}
    assert seen == {"order", "orchestrator", "inventory", "payment"}


def test_each_point_about_rabbitmq_names_its_code_its_test_and_a_command_that_shows_it() -> None:
    points = sections("rabbitmq.md")
    assert len(points) == POINTS
    for heading, text in points.items():
        code, _, test = text.partition("Code: ")[2].partition("Test: ")
        assert LINK.search(code), heading
        assert any(symbol.startswith("test_") for symbol, _ in LINK.findall(test)), heading
        assert "```sh\n" in text, heading


def test_every_countermeasure_has_a_test_and_one_that_shows_the_harm_without_it() -> None:
    lines = [line for line in (DOCS / "isolation.md").read_text().splitlines() if "/isolation/test_" in line]
    assert len(lines) >= COUNTERMEASURES
    for row in lines:
        holds, harms = (symbol for symbol, _ in LINK.findall(row) if symbol.startswith("test_"))
        assert harms.startswith("test_without_it"), holds


def test_every_promise_is_proven_by_a_test() -> None:
    promised = dict(rows(GUARANTEES, "Promise"))
    of_readme = PROMISE.findall((DOCS.parent / "README.md").read_text())
    assert of_readme == list(promised)[-len(of_readme) :]
    assert all(map(is_proven, promised.values()))


def is_proven(proof: str) -> bool:
    """Whether a test is linked, and nothing else."""
    linked = LINK.findall(proof)
    return bool(linked) and all(symbol.startswith("test_") for symbol, _ in linked)
