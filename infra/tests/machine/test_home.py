import os
from collections.abc import Callable
from pathlib import Path

import pytest
from infra.machine.home import SOCKET_PATH_LIMIT, Home
from infra.machine.user_error import UserError


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    assert Home(tmp_path).secret("jwt") == Home(tmp_path).secret("jwt")


def test_a_token_that_is_asked_for_before_make_up_leaves_a_home_that_make_up_takes(tmp_path: Path) -> None:
    home = Home(tmp_path / "run")
    signing = home.secret("jwt")
    home.create()
    assert home.secret("jwt") == signing


def test_a_secret_is_not_written_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("all my work")
    with pytest.raises(UserError, match="holds other files"):
        Home(tmp_path).secret("jwt")
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.tex"]


def test_no_two_secrets_are_the_same(tmp_path: Path) -> None:
    assert Home(tmp_path).secret("broker.order") != Home(tmp_path).secret("database.order")


def test_only_its_owner_can_read_a_secret(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.secret("jwt")
    assert mode(home.secret_path("jwt")) == 0o600
    assert mode(home.secret_path("jwt").parent) == 0o700


@pytest.mark.parametrize("left", ["", "\n", "\0\0\0"])
def test_a_secret_that_a_power_cut_has_left_empty_is_nobody_s_password(tmp_path: Path, left: str) -> None:
    home = Home(tmp_path)
    home.secret("jwt")
    home.secret_path("jwt").write_text(left)
    with pytest.raises(UserError, match=r"jwt is empty, as a power cut leaves files; `.*saga doctor`"):
        home.secret("jwt")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_secret_that_an_editor_has_ended_with_a_line_break_is_still_the_same(tmp_path: Path, end: str) -> None:
    home = Home(tmp_path)
    secret = home.secret("jwt")
    home.secret_path("jwt").write_bytes(f"{secret}{end}".encode())
    assert home.secret("jwt") == secret


def test_a_home_that_cannot_be_made_or_written_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"cannot be made: .* set COUNTERSTEP_RUN to a folder"):
        Home(Path("/proc/counterstep")).create()


@pytest.mark.parametrize("act", [Home.create, Home.check_owner])
def test_a_home_that_is_a_file_is_refused_with_what_to_do(tmp_path: Path, act: Callable[[Home], None]) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError, match=r"thesis\.tex is no folder; set COUNTERSTEP_RUN to one"):
        act(Home(tmp_path / "thesis.tex"))


@pytest.mark.parametrize("place", ["logs", "lock"])
def test_what_stands_in_the_way_in_a_home_is_named(tmp_path: Path, place: str) -> None:
    home = Home(tmp_path / "home")
    home.create()
    if place == "logs":
        home.logs.rmdir()
        home.logs.write_text("")
        with pytest.raises(UserError, match="logs is no folder; remove it"):
            home.create()
    else:
        (home.path / "lock").mkdir()
        with pytest.raises(UserError, match="lock cannot be written: Is a directory"), home.lock():
            pass


def test_a_secret_is_long_enough_to_sign_with(tmp_path: Path) -> None:
    assert len(Home(tmp_path).secret("jwt")) >= 32


def test_the_control_socket_of_a_deep_home_has_a_short_path(tmp_path: Path) -> None:
    deep = Home(tmp_path.joinpath(*["deeper"] * 20))
    assert len(str(deep.socket)) <= SOCKET_PATH_LIMIT


def test_two_deep_homes_have_two_control_sockets(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["deeper"] * 20)
    assert Home(deep / "one").socket != Home(deep / "two").socket


def test_a_removed_home_leaves_nothing_behind(tmp_path: Path) -> None:
    deep = Home(tmp_path.joinpath(*["deeper"] * 20))
    deep.create()
    deep.remove()
    assert not deep.path.exists()
    assert not deep.socket.parent.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_home_of_another_user_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 1, 1)
    with pytest.raises(UserError, match="belongs to another user"):
        Home(tmp_path).create()


def test_a_home_is_changed_by_one_command_at_a_time(tmp_path: Path) -> None:
    with Home(tmp_path).lock(), pytest.raises(UserError, match="another command"), Home(tmp_path).lock():
        pass


def test_a_folder_that_holds_other_files_is_no_home_and_is_left_alone(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.tex"
    thesis.write_text("years of work")
    home = Home(tmp_path)
    with pytest.raises(UserError, match="was not made by Counterstep, so it is not removed"):
        home.remove()
    with pytest.raises(UserError, match="holds other files"):
        home.create()
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_home_of_the_release_before_is_ours_although_it_has_no_marker(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.secret("jwt")
    home.ports.write_text("{}")
    home.create()
    home.remove()
    assert not tmp_path.exists()


def test_a_home_has_its_modes_whatever_the_umask(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    before = os.umask(0)
    try:
        home.create()
    finally:
        os.umask(before)
    assert [mode(folder) for folder in (home.path, home.logs)] == [0o755, 0o755]


def test_a_home_in_which_others_can_write_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.logs.chmod(0o777)
    with pytest.raises(UserError, match=rf"chmod go-w {home.logs}"):
        home.check_owner()


def test_the_control_socket_is_where_it_was_whatever_the_shell_s_tmpdir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = Home(tmp_path.joinpath(*["deeper"] * 20))
    before = deep.socket
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert deep.socket == before
