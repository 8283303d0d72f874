import subprocess
import sys
from pathlib import Path

import pytest
from infra.cli.app import COMMANDS, app, load_command
from infra.machine.home import MARKER
from typer.testing import CliRunner

SAGA = "01a20fff-b0aa-73a8-a54e-70311cb2efb4"
READY = "2026-11-29T12:00:00Z [info     ] ready"
BEGUN = "2026-11-29T12:00:01Z [info     ] begun"
SLOW = "2026-11-29T12:00:02Z [warning  ] slow"
LOGS = {"order": f"{READY}\n{BEGUN} saga_id={SAGA}\n", "payment": f"{SLOW} saga_id={SAGA}\n"}


@pytest.fixture
def saga() -> CliRunner:
    return CliRunner()


def test_help_lists_every_verb_with_a_line_about_it(saga: CliRunner) -> None:
    told = saga.invoke(app, ["--help"]).output
    verbs = [verb for panel in COMMANDS.values() for verb in panel]
    lines = [line.strip("│ ") for line in told.splitlines()]
    assert all(any(line.startswith(f"{verb} ") for line in lines) for verb in verbs)


@pytest.mark.parametrize("verb", [verb for panel in COMMANDS.values() for verb in panel])
def test_a_verb_says_of_itself_what_the_help_says_of_it(verb: str) -> None:
    listed = {name: says for panel in COMMANDS.values() for name, (_, says) in panel.items()}
    assert load_command(verb).help == listed[verb]


def test_help_needs_none_of_what_the_commands_need() -> None:
    loaded = "import sys, infra.cli; print({each.partition('.')[0] for each in sys.modules})"
    command = [sys.executable, "-c", loaded]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own line
    assert "typer" in told
    assert [each for each in ("pydantic", "httpx2", "jwt", "asyncpg", "fastapi") if repr(each) in told] == []


def test_the_help_explains_the_exit_codes(saga: CliRunner) -> None:
    text = " ".join(saga.invoke(app, ["--help"]).output.split())
    assert "0 for success, 1 for a problem, 2 for a wrong command line, 130 after an interruption" in text


def test_the_shell_completes_commands(saga: CliRunner) -> None:
    asked = {"_SAGA_COMPLETE": "complete_bash", "COMP_WORDS": "saga sa", "COMP_CWORD": "1"}
    assert saga.invoke(app, [], prog_name="saga", env=asked).output.split() == ["sagas"]


def test_a_story_that_nothing_runs_for_says_what_to_type(saga: CliRunner, tmp_path: Path) -> None:
    result = saga.invoke(app, ["demo"], env={"COUNTERSTEP_RUN": str(tmp_path / "nowhere")})
    assert result.exit_code == 1
    assert "must be running; start it with `make up`" in result.stderr


def test_a_wrong_port_is_told_without_a_traceback(saga: CliRunner) -> None:
    result = saga.invoke(app, ["status"], env={"ORDER_PORT": "x"})
    assert result.exit_code == 1
    assert result.stderr.startswith("✗ ports: ORDER_PORT=x: a port is a whole number")


def test_an_unknown_part_is_told_with_the_parts_there_are(saga: CliRunner) -> None:
    result = saga.invoke(app, ["logs", "warehouse"])
    assert result.exit_code == 2
    assert "there is no part warehouse; the parts are" in result.stderr


def test_an_unknown_level_is_told_with_the_levels_there_are(saga: CliRunner) -> None:
    result = saga.invoke(app, ["logs", "--level", "hot"])
    assert result.exit_code == 2
    assert "there is no level hot; the levels are debug, info, warning, error" in result.stderr


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--saga", SAGA], [f"order          | {BEGUN}", f"payment        | {SLOW}"]),
        (["--order", SAGA, "--lines", "1"], [f"payment        | {SLOW}"]),
        (["order", "--saga", SAGA], [f"order          | {BEGUN}"]),
        (["--text", "READY"], [f"order          | {READY}"]),
        (["--level", "warning"], [f"payment        | {SLOW}"]),
        (["--level", "error"], []),
    ],
)
def test_logs_are_filtered_also_when_nothing_runs(
    saga: CliRunner, tmp_path: Path, options: list[str], shown: list[str]
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / MARKER).touch()
    for part, text in LOGS.items():
        (tmp_path / "logs" / f"{part}.log").write_text(text)
    told = saga.invoke(
        app, ["logs", *options], env={"COUNTERSTEP_RUN": str(tmp_path), "COUNTERSTEP_MODE": "native"}
    )
    assert [line.removesuffix(f" saga_id={SAGA}") for line in told.output.splitlines()] == shown


def test_an_unknown_role_is_refused(saga: CliRunner) -> None:
    assert saga.invoke(app, ["token", "--role", "emperor"]).exit_code != 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["service", "Order-2"], "✗ new: 'Order-2' is not a valid name"),
        (["service", "payment"], "✗ new service: the service payment exists already; choose another name"),
        (["service", "gardening", "--keeps", "garden"], "✗ new service: --keeps 'garden': write it as a class"),
        (["saga", "place_order"], "✗ new saga: the saga place_order exists already; choose another name"),
        (["saga", "water_plants", "--asks", "payment"], "✗ new saga: "),
    ],
)
def test_what_cannot_be_made_is_told_in_one_line(saga: CliRunner, words: list[str], why: str) -> None:
    result = saga.invoke(app, ["new", *words])
    assert result.exit_code == 1
    assert result.stderr.startswith(why)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["break", "on", "paymet", "--refuses", "30"],
        ["dead-letters", "list", "--service", "paymet"],
        ["prove", "paymet"],
    ],
)
def test_a_mistyped_name_is_a_wrong_command_line(saga: CliRunner, words: list[str]) -> None:
    result = saga.invoke(app, words)
    assert (result.exit_code, "there is no" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "words", [["token", "--hours", "99999999999"], ["prove", "--stalled", "9" * 30], ["load", "--rate", "nan"]]
)
def test_a_number_that_is_too_large_is_refused_in_our_words(saga: CliRunner, words: list[str]) -> None:
    result = saga.invoke(app, words)
    assert (result.exit_code, "must be at" in result.stderr) == (2, True)
