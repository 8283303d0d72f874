"""What is made from a template passes the linter whatever its names, and is brought up to date with it."""

import subprocess
import sys
from pathlib import Path

import pytest
from infra.machine.checkout import CHECKOUT
from infra.machine.user_error import UserError
from infra.scaffolding.names import LONGEST
from infra.scaffolding.templates import SOURCES, Templates

MODEL = "services/shipping/src/shipping/model.py"
HANDLERS = "services/shipping/src/shipping/handlers.py"
SOURCE = f"templates/service/{HANDLERS.replace('shipping', '{{ name }}')}.jinja"
IDENTITY = ("-c", "user.name=team", "-c", "user.email=team@example.invalid")


def git(checkout: Path, *words: str) -> None:
    subprocess.run(["git", "-C", checkout, *IDENTITY, *words], check=True, capture_output=True)  # noqa: S603, S607 - our own words


def commit(checkout: Path) -> None:
    git(checkout, "add", "--all")
    git(checkout, "commit", "--message", "a commit")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of nothing but the templates, and the linter's rules."""
    for name in (*SOURCES, "pyproject.toml"):
        subprocess.run(["cp", "-R", CHECKOUT / name, tmp_path / name], check=True)  # noqa: S603, S607 - our own words
    git(tmp_path, "init")
    commit(tmp_path)
    return tmp_path


def test_a_change_of_the_template_arrives_and_the_team_s_own_is_kept(checkout: Path) -> None:
    Templates(checkout).render("service", "shipping", thing="Shipment", port="8005")
    commit(checkout)
    replace(checkout / MODEL, "MOST_PIECES: Final = 100", "MOST_PIECES: Final = 20")
    replace(checkout / SOURCE, "Make final what is arranged.", "Make it final: no way back.")
    commit(checkout)
    templates = Templates(checkout)
    templates.update("shipping")
    assert "no way back" in (checkout / HANDLERS).read_text()
    assert "MOST_PIECES: Final = 20" in (checkout / MODEL).read_text()
    assert templates.changes() == [".copier/shipping.yml", HANDLERS]


@pytest.mark.parametrize("kind", ["service", "saga"])
def test_what_is_made_with_the_longest_names_is_in_order(kind: str, checkout: Path) -> None:
    name, thing = "a" * LONGEST, "T" + "t" * (LONGEST - 1)
    Templates(checkout).render(kind, name, thing=thing, port="8005", partner="b" * LONGEST, revision="0002")
    for check in (("check", "--ignore", "INP001"), ("format", "--check")):  # the packages around it are not here
        ruff = [sys.executable, "-m", "ruff", *check, checkout]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        assert done.returncode == 0, done.stdout


def test_templates_that_were_changed_must_be_committed_first(checkout: Path) -> None:
    replace(checkout / SOURCE, "Make final", "Make quite final")
    with pytest.raises(UserError, match="they were changed; commit them first"):
        Templates(checkout)


def test_an_update_does_not_mix_with_what_is_not_committed(checkout: Path) -> None:
    Templates(checkout).render("service", "shipping", thing="Shipment", port="8005")
    with pytest.raises(UserError, match="commit what you have changed first"):
        Templates(checkout).update("shipping")


def test_what_was_never_made_is_not_updated(checkout: Path) -> None:
    with pytest.raises(UserError, match="nothing here was made as loyalty; there is nothing yet"):
        Templates(checkout).update("loyalty")


def test_a_folder_without_a_commit_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^git: "):
        Templates(tmp_path)
