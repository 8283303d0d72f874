"""The output while parts start: one line for each, as it becomes ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.text import Text

from infra.machine.terminal import Terminal


class Progress:
    """Prints to the console; on a terminal, the last line shows the step in progress."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._under_way: list[str] = []
        self._status = console.status("")

    @classmethod
    def silent(cls) -> "Progress":
        return cls(Terminal(quiet=True))

    @contextmanager
    def step(self, name: str, detail: str = "") -> Iterator[None]:
        """Print the step's line when the block ends well."""
        begun = monotonic()
        self.waits_for([*self._under_way, name])
        try:
            yield
            self.done(name, monotonic() - begun, detail)
        finally:
            self.waits_for([each for each in self._under_way if each != name])

    def done(self, name: str, seconds: float, detail: str = "") -> None:
        """Print the line of a step with the time that it took."""
        took = f"{seconds:.1f} s"
        line = Text.assemble(("✓ ", "green"), f"{name:<14} ", (f"{took:>6}", "dim"), f"  {detail}")
        self._console.print(line, soft_wrap=True)

    def note(self, line: str) -> None:
        """Print something that the user should know or do."""
        self._console.print(Text.assemble(("! ", "yellow"), line), soft_wrap=True)

    def waits_for(self, under_way: list[str]) -> None:
        """Show on a terminal which steps are under way."""
        self._under_way = under_way
        if under_way:
            self._status.update(Text(f"{', '.join(under_way)} …", "dim"))
            self._status.start()
        else:
            self._status.stop()
