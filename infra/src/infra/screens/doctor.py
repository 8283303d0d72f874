"""The output of `saga doctor`."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from infra.doctor import Finding
from infra.screens.deployment import table

MARKS = {"fine": ("✓", "green"), "optional": ("·", "dim"), "broken": ("✗", "bold red")}


def screen(findings: Sequence[Finding]) -> RenderableType:
    """Show a line for each, with its fix below, and the number of those to fix."""
    rows = table()
    rows.padding = (0, 1, 0, 0)
    for each in findings:
        rows.add_row(Text(*MARKS[each.verdict]), each.subject, Text("\n").join(_lines(each)))
    rows.columns[1].no_wrap = True
    rows.columns[2].overflow = "fold"  # a fix that is cut short could not be copied
    to_fix = sum(each.verdict == "broken" for each in findings)
    end = Text(f"\nTo fix: {to_fix}.", "bold red") if to_fix else Text("\nNothing to fix.", "green")
    return Group(rows, end)


def _lines(each: Finding) -> Iterator[Text]:
    yield Text(each.detail, "dim" if each.verdict == "optional" else "")
    if each.fix:
        yield Text.assemble("→ ", each.fix, style="dim" if each.verdict == "optional" else "yellow")
