"""How often a part was started again, by the supervisor's log."""

from pathlib import Path

from infra.control.restarts import Restarts

LOG = """\
2026-11-29 12:39:50,000 INFO supervisord started with pid 1
2026-11-29 12:39:57,620 INFO spawned: 'payment' with pid 24275
2026-11-29 12:40:05,023 WARN exited: payment (terminated by SIGKILL; not expected)
2026-11-29 12:40:06,023 INFO spawned: 'payment' with pid 24276
2026-11-29 12:40:07,023 INFO stopped: payment (exit status 0)
2026-11-29 12:40:08,023 WARN exited: payment-2 (exit status 1; not expected)
"""


def test_a_part_that_ended_by_itself_counts_and_one_that_was_stopped_does_not(tmp_path: Path) -> None:
    log = tmp_path / "supervisor.log"
    restarts = Restarts(log)
    assert restarts.count() == {}
    log.write_text(LOG)
    assert restarts.count() == {"payment": 1, "payment-2": 1}
    assert restarts.count() == {"payment": 1, "payment-2": 1}


def test_a_new_supervisor_counts_from_zero(tmp_path: Path) -> None:
    log = tmp_path / "supervisor.log"
    log.write_text(LOG + LOG.splitlines(keepends=True)[0])
    assert Restarts(log).count() == {}
