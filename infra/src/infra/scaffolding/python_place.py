"""Places in Python files. They are found by what the code means, so it may be written in any form."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from infra.scaffolding.place import Place, belongs_before


@dataclass(frozen=True)
class Statement(Place):
    """A statement, beside others of its kind: it comes before the other entry, or after the last of the kind."""

    def added(self, text: str, values: Mapping[str, str], before: Mapping[str, str]) -> str:
        """As `Place.added`."""
        entry = self.entry(values).strip()
        wanted, other = ast.parse(entry).body[0], ast.parse(self.entry(before)).body[0]
        there = list(_statements(ast.parse(text)))
        if any(ast.dump(each) == ast.dump(wanted) for each in there):
            return text
        same = [each for each in there if ast.dump(each) == ast.dump(other)]
        kin = [each for each in there if _kind(each) == _kind(wanted)]
        if not (same or kin):
            raise belongs_before(self.file, entry, self.entry(before))
        beside = same[0] if same else kin[-1]
        lines = text.splitlines(keepends=True)
        line = beside.lineno - 1 if same else beside.end_lineno or beside.lineno
        return "".join([*lines[:line], f"{' ' * beside.col_offset}{entry}\n", *lines[line:]])


@dataclass(frozen=True)
class Element(Place):
    """An element of the tuple, the list or the `Literal` that is assigned to the name `of`."""

    of: str = ""

    def added(self, text: str, values: Mapping[str, str], before: Mapping[str, str]) -> str:
        """As `Place.added`; before the first element where the other entry is not there."""
        entry, other = (_expression(self.entry(each)) for each in (values, before))
        elements = self._elements(text)
        written = [ast.unparse(each) for each in elements]
        if entry in written:
            return text
        if not elements:
            raise belongs_before(self.file, entry, other)
        beside = elements[written.index(other) if other in written else 0]
        at = _offset(text, beside)
        return f"{text[:at]}{entry}, {text[at:]}"

    def holds(self, text: str, values: Mapping[str, str]) -> bool:
        """As `Place.holds`."""
        return _expression(self.entry(values)) in map(ast.unparse, self._elements(text))

    def _elements(self, text: str) -> list[ast.expr]:
        """The elements; none where nothing of the kind is assigned to the name."""
        for statement in _statements(ast.parse(text)):
            match statement:
                case ast.Assign(targets=[ast.Name(id=self.of)], value=value):
                    pass
                case ast.AnnAssign(target=ast.Name(id=self.of), value=value):
                    pass
                case _:
                    continue
            match value:
                case ast.Tuple(elts=found) | ast.List(elts=found):
                    return found
                case ast.Subscript(slice=ast.Tuple(elts=found)):
                    return found
        return []


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def _expression(entry: str) -> str:
    return ast.unparse(ast.parse(entry.strip().rstrip(","), mode="eval").body)


def _kind(statement: ast.stmt) -> str:
    """What makes two statements neighbours: both import, or both call the same function, or annotate alike."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            return "import"
        case ast.Expr(value=ast.Call(func=function)):
            return f"call {ast.unparse(function)}"
        case ast.AnnAssign(annotation=annotation):
            return f"annotated {ast.unparse(annotation)}"
    return type(statement).__name__


def _offset(text: str, node: ast.expr) -> int:
    """Where the node begins, in characters: the parser counts columns in bytes."""
    lines = text.splitlines(keepends=True)
    column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
    return sum(map(len, lines[: node.lineno - 1])) + column
