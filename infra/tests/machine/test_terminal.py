"""Whatever is printed is text: no markup, no link, no command to the terminal."""

import ast
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from infra.machine import terminal
from infra.machine.terminal import Terminal, printable, write_json, write_lines
from rich.console import Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

import infra

SOURCES = sorted(Path(infra.__path__[0]).rglob("*.py"))
COMMANDS_OF_RICH = re.compile(r"\x1b\[[0-9;]*[mAKGHJ]|\x1b\[\?25[lh]|\x1b\[\d*[ABCD]|\r")
"""Colours, and the movements of a live display."""

HOSTILE = (
    "[/]",
    "[/red] [link=https://elsewhere.example]here[/link] :skull:",
    "\x1b]8;;https://elsewhere.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[1;1H\x1b]0;title\x07",
    "\x9b31mred\x9d0;title\x9c",
    "a\rb\x08c\x00d\x7f",
    "abc\u202etxt.exe\u2066\u200b\ufeff\U000e0041",
    "\ud800",
    "two\nlines",
)
texts = (
    st.sampled_from(HOSTILE) | st.text() | st.text(st.characters(categories=["Cc", "Cf", "Co", "Cs", "Zl", "Zp"]))
)


def shown(renderable: RenderableType, *, is_terminal: bool = True) -> str:
    """What a terminal gets of it, without what rich itself sends."""
    screen = io.StringIO()
    Terminal(file=screen, force_terminal=is_terminal, width=60).print(renderable)
    return COMMANDS_OF_RICH.sub("", screen.getvalue())


def is_harmless(text: str) -> bool:
    return all(each.isprintable() or each in terminal.LAYOUT for each in text)


def table_of(text: str) -> Table:
    table = Table(text, title=text)
    table.add_row(text)
    table.add_row(Text(text, "red", overflow="ellipsis", no_wrap=True))
    return table


@given(texts)
def test_no_text_commands_the_terminal_however_it_is_shown(text: str) -> None:
    for renderable in (
        text,
        Text(text, "bold"),
        table_of(text),
        Group(text, Panel(text)),
        Text.assemble((text, "red")),
    ):
        assert is_harmless(shown(renderable))
        assert is_harmless(shown(renderable, is_terminal=False))


@given(texts)
def test_a_live_display_shows_text_too(text: str) -> None:
    screen = io.StringIO()
    console = Terminal(file=screen, force_terminal=True, width=60)
    with Live(table_of(text), console=console, auto_refresh=False) as live:
        live.update(Text(text), refresh=True)
    with console.status(Text(text)):
        pass
    assert is_harmless(COMMANDS_OF_RICH.sub("", screen.getvalue()))


@pytest.mark.parametrize(
    "text", ["[/]", "[red]not red[/red]", "[link=https://elsewhere.example]x[/link]", ":skull:"]
)
def test_markup_and_emoji_codes_are_shown_as_they_are_written(text: str) -> None:
    assert shown(text) == f"{text}\n"
    assert shown(Text.assemble("why: ", text)) == f"why: {text}\n"


def test_what_cannot_be_seen_is_shown_as_an_escape() -> None:
    assert printable("a\x1b[31m\u202e\x9b\tb\n") == "a\\x1b[31m\\u202e\\x9b\tb\n"
    assert printable("Größe 机 🪑 é") == "Größe 机 🪑 é"


@given(texts)
def test_json_is_the_same_json_and_harmless(text: str) -> None:
    screen = io.StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stdout", screen)
        write_json(json.dumps({text: [text]}, ensure_ascii=False, indent=2))
    same = json.loads(json.dumps(text))  # JSON reads a pair of surrogates as the one character that it stands for
    assert is_harmless(screen.getvalue())
    assert json.loads(screen.getvalue()) == {same: [same]}


@given(st.lists(texts))
def test_a_line_of_a_log_is_one_harmless_line(lines: list[str]) -> None:
    screen = io.StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stdout", screen)
        write_lines(f"{line}\n" for line in lines)
    assert is_harmless(screen.getvalue())


def calls_of(module: Path) -> set[str]:
    """What the module calls, such as `typer.echo`."""
    return {
        ast.unparse(each.func) for each in ast.walk(ast.parse(module.read_text())) if isinstance(each, ast.Call)
    }


@pytest.mark.parametrize("module", SOURCES, ids=lambda path: str(path.relative_to(SOURCES[0].parent)))
def test_no_module_goes_around_the_terminal(module: Path) -> None:
    around = {"print", "typer.echo", "typer.secho", "click.echo", "rich.print", "os.execvp", "sys.stdout.write"}
    if module == Path(terminal.__file__):
        return
    assert calls_of(module) & around == set()
    imported = [
        alias.name
        for each in ast.walk(ast.parse(module.read_text()))
        if isinstance(each, ast.ImportFrom) and each.module == "rich.console"
        for alias in each.names
    ]
    assert "Console" not in imported or "Console" not in calls_of(module), "make a Terminal"


ACT = """
import sys
from contextlib import nullcontext
from infra.machine.terminal import Terminal
terminal = Terminal()
with terminal.acting() if sys.argv[1] == "acting" else nullcontext():
    for _ in range(3):
        terminal.print("one of its lines")
    print("done to the end", file=sys.stderr)
"""


@pytest.mark.parametrize(("kind", "done"), [("acting", "done to the end\n"), ("showing", "")])
def test_an_act_is_done_to_its_end_though_nobody_reads_its_output(kind: str, done: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing) as nobody:
        command = [sys.executable, "-c", ACT, kind]
        ran = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603
    assert (ran.stderr, ran.returncode) == (done, 0 if done else 1)
