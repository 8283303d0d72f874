"""A log is read to its end, across the rotation that the supervisor does."""

from pathlib import Path

import pytest
from infra.logs.tail import LONGEST_LINE, Tail
from supervisor.loggers import RotatingFileHandler

MANY = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "payment.log"


def write(log: Path, text: str) -> None:
    with log.open("a") as file:
        file.write(text)


def rotate(log: Path) -> None:
    """As the supervisor does it, with its own code."""
    handler = RotatingFileHandler(str(log), maxBytes=1, backupCount=2)
    handler.doRollover()
    handler.close()


def test_each_look_gives_what_was_written_since_the_last(log: Path) -> None:
    tail = Tail(log, MANY)
    assert tail.read() == ""
    for text in ("one\ntwo\n", "three\n", ""):
        write(log, text)
        assert tail.read() == text


def test_a_line_that_is_half_written_waits_for_its_end(log: Path) -> None:
    tail = Tail(log, MANY)
    write(log, "one\nhal")
    assert tail.read() == "one\n"
    write(log, "f\n")
    assert tail.read() == "half\n"


def test_a_line_without_an_end_does_not_wait_for_ever(log: Path) -> None:
    write(log, "x" * (LONGEST_LINE + 1))
    assert len(Tail(log, MANY).read()) == LONGEST_LINE + 1


def test_nothing_is_lost_and_nothing_is_read_twice_when_the_log_is_rotated(log: Path) -> None:
    write(log, "one\n")
    tail = Tail(log, MANY)
    assert tail.read() == "one\n"
    write(log, "two\n")
    rotate(log)
    write(log, "three\n")
    rotate(log)
    write(log, "four\n")
    assert tail.read() == "two\nthree\nfour\n"
    assert tail.read() == ""


def test_the_first_look_reads_the_older_files_too(log: Path) -> None:
    write(log, "one\n")
    rotate(log)
    write(log, "two\n")
    assert Tail(log, MANY).read() == "one\ntwo\n"


def test_the_first_look_is_bounded_and_begins_with_a_whole_line(log: Path) -> None:
    write(log, "one\n")
    rotate(log)
    write(log, "three\nfour\n")
    assert Tail(log, 14).read() == "three\nfour\n"
    assert Tail(log, 7).read() == "four\n"


def test_a_log_that_was_emptied_is_read_from_its_beginning(log: Path) -> None:
    write(log, "a long line\n")
    tail = Tail(log, MANY)
    tail.read()
    log.write_text("new\n")
    assert tail.read() == "new\n"


def test_bytes_that_are_no_text_are_shown_as_such(log: Path) -> None:
    log.write_bytes(b"\xff\n")
    assert Tail(log, MANY).read() == "\ufffd\n"
