"""The output of `saga status`, on a terminal of 80 columns."""

from io import StringIO

from infra.launcher import PartStatus, Status
from infra.launcher.status import Running
from infra.machine.terminal import Terminal
from infra.screens.status import screen


def shown(*parts: PartStatus) -> list[str]:
    output = StringIO()
    status = Status(parts=list(parts), broker=None, dead_letters={}, outboxes={}, forged={})
    Terminal(file=output, width=80).print(screen(status), soft_wrap=True)
    return output.getvalue().splitlines()


def test_a_part_that_is_not_ready_has_one_line_however_long_it_runs_and_its_reason_another() -> None:
    process = Running(pid=1234567, up_for="104 days, 23:59:59")
    address = "http://127.0.0.1:18004"
    reason = '{"status": "not ready", "parts": {"consumers": "not consuming orchestrator.replies"}}'
    lines = shown(
        PartStatus(name="orchestrator", address=address, process=process, missing=reason),
        PartStatus(name="console", address=address, process=process, missing=None),
    )
    assert [line.split()[0] for line in lines] == ["part", "orchestrator", "console", "!"]
    assert "not ready" in lines[1]
    assert address in lines[1]
    assert lines[3] == f"  ! orchestrator: {reason}"
