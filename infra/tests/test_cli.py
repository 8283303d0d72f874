import pytest
from infra.cli import app
from typer.testing import CliRunner


@pytest.fixture
def saga() -> CliRunner:
    return CliRunner()


def test_help_lists_every_verb_with_a_line_about_it(saga: CliRunner) -> None:
    told = saga.invoke(app, ["--help"]).output
    assert all(verb in told for verb in ("up", "down", "status", "logs", "token", "clean", "dead-letters"))


def test_a_wrong_port_is_told_without_a_traceback(saga: CliRunner) -> None:
    result = saga.invoke(app, ["status"], env={"ORDER_PORT": "x"})
    assert result.exit_code == 1
    assert result.stderr.startswith("✗ ports: ORDER_PORT=x: a port is a whole number")


def test_an_unknown_part_is_told_with_the_parts_there_are(saga: CliRunner) -> None:
    result = saga.invoke(app, ["logs", "warehouse"])
    assert result.exit_code == 1
    assert "there is no part warehouse; the parts are" in result.stderr


def test_an_unknown_role_is_refused(saga: CliRunner) -> None:
    assert saga.invoke(app, ["token", "--role", "emperor"]).exit_code != 0
