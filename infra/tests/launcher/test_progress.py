from io import StringIO

import pytest
from infra.launcher.progress import Progress
from rich.console import Console


@pytest.fixture
def screen() -> StringIO:
    return StringIO()


@pytest.fixture
def progress(screen: StringIO) -> Progress:
    return Progress(Console(file=screen, highlight=False))


def test_a_part_that_became_ready_has_one_line(progress: Progress, screen: StringIO) -> None:
    with progress.step("rabbitmq", "127.0.0.1:5673"):
        assert not screen.getvalue()
    assert screen.getvalue().split() == ["✓", "rabbitmq", "0.0", "s", "127.0.0.1:5673"]


def test_a_part_that_failed_has_none(progress: Progress, screen: StringIO) -> None:
    with pytest.raises(RuntimeError), progress.step("rabbitmq"):
        raise RuntimeError
    assert not screen.getvalue()
