from pathlib import Path

from infra.machine.user_error import UserError, log_of


def test_a_failure_tells_its_part_its_reason_and_the_end_of_its_log() -> None:
    failure = UserError("payment", "ended with status 1", "\n".join(map(str, range(100))))
    assert str(failure).splitlines() == ["payment: ended with status 1", *map(str, range(85, 100))]


def test_a_part_that_never_ran_has_an_empty_log(tmp_path: Path) -> None:
    assert not log_of(tmp_path / "payment.log")
