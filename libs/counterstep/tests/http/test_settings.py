"""A service starts with good settings, or says in one line which are not."""

from pathlib import Path

import pytest
from counterstep.http.settings import ENV_FILE, ServiceSettings
from pydantic import ValidationError

GOOD = {
    "HTTP_PORT": "8001",
    "DATABASE_URL": "postgresql://order:swordfish@127.0.0.1:5433/order",
    "AMQP_URL": "amqp://order:swordfish@127.0.0.1:5673/counterstep",
    "JWT_SECRET": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture(autouse=True)
def good_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENV_FILE, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_the_environment_is_read() -> None:
    settings = ServiceSettings.load()
    assert settings.http_port == 8001
    assert settings.mode == "production"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "env").write_text("HTTP_PORT=1\nMODE=local\n")
    monkeypatch.setenv(ENV_FILE, str(tmp_path / "env"))
    settings = ServiceSettings.load()
    assert (settings.http_port, settings.mode) == (8001, "local")


def test_a_variable_of_others_in_the_file_is_ignored_and_settings_are_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "env").write_text("SOMETHING_ELSE=1\n")
    monkeypatch.setenv(ENV_FILE, str(tmp_path / "env"))
    with pytest.raises(ValidationError, match="frozen"):
        ServiceSettings.load().http_port = 2  # type: ignore[misc]


def test_secrets_are_not_shown() -> None:
    shown = repr(ServiceSettings.load())
    assert GOOD["JWT_SECRET"] not in shown
    assert "swordfish" not in shown


def test_a_short_secret_will_do_on_ones_own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "local")
    monkeypatch.setenv("JWT_SECRET", "short")
    assert ServiceSettings.load().jwt_secret.get_secret_value() == "short"


@pytest.mark.parametrize("user", ["guest:guest", "order:order", "order:changeme", "trip"])
@pytest.mark.parametrize("name", ["AMQP_URL", "DATABASE_URL"])
def test_a_password_that_everybody_knows_is_refused(name: str, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, GOOD[name].replace("order:swordfish", user))
    with pytest.raises(SystemExit, match=f"{name}: .*make one up for this user alone"):
        ServiceSettings.load()


def test_a_known_password_will_do_on_ones_own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "local")
    monkeypatch.setenv("AMQP_URL", "amqp://guest:guest@127.0.0.1/")
    assert ServiceSettings.load().amqp_url.get_secret_value().username == "guest"


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_setting_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(SystemExit, match=f"cannot start: {name}: is required"):
        ServiceSettings.load()


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("JWT_SECRET", "changeme", "JWT_SECRET: .*at least 32 bytes"),
        ("DATABASE_URL", "mysql://root@localhost/order", "DATABASE_URL: .*'postgresql'"),
        ("AMQP_URL", "http://localhost", "AMQP_URL: .*'amqp'"),
        ("HTTP_PORT", "99999", "HTTP_PORT: .*65535"),
    ],
)
def test_a_wrong_setting_is_explained_without_its_value(
    name: str, value: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=complaint) as stop:
        ServiceSettings.load()
    assert value not in str(stop.value)
