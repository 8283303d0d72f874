"""Sagas in the terminal. Forward and compensation differ in column, mark and colour."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from counterstep.client.progress import LegProgress, Outcome, StepProgress
from counterstep.client.progress import steps as progress_of
from counterstep.http.views.sagas import SagaDefinition, SagaDetail, SagaSummary
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.machine.terminal import printable
from infra.screens.deployment import entries, table

COLOURS = {
    "running": "cyan",
    "completed": "green",
    "compensating": "yellow",
    "compensated": "yellow",
    "needs_attention": "bold red",
}
FORWARD: Mapping[Outcome, tuple[str, str]] = {
    "pending": ("…", "cyan"),
    "superseded": ("…", "cyan"),
    "succeeded": ("✓", "green"),
    "refused": ("✗", "yellow"),
    "in_doubt": ("?", "red"),
}
BACK: Mapping[Outcome, tuple[str, str]] = {**FORWARD, "pending": ("…", "yellow"), "succeeded": ("↩", "yellow")}
OUTCOME_LABELS: Mapping[Outcome, str] = {
    "pending": "pending",
    "superseded": "no answer",
    "succeeded": "",
    "refused": "refused",
    "in_doubt": "no answer",
}
SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)


def listed(found: Iterable[SagaSummary]) -> RenderableType:
    """One line for each saga. Ids are never cut, so that they can be copied."""
    rows = table("saga", "status", "started", "took", "reason")
    rows.padding = (0, 1, 0, 1)
    for each in found:
        took = each.took
        rows.add_row(
            str(each.saga_id),
            status_of(each),
            f"{each.started_at.astimezone():%d %b %H:%M:%S}",
            Text(duration(took) if took else "…", justify="right"),
            Text(printable(each.reason or ""), "dim", overflow="ellipsis", no_wrap=True),
        )
    for column in rows.columns[:-1]:
        column.no_wrap = True
    return rows


def steps(run: SagaDetail, definition: SagaDefinition) -> RenderableType:
    """The progress of a saga, a line for each step."""
    now = datetime.now(UTC)
    rows = table("step", "", "forward", "", "compensation")
    rows.padding = (0, 1, 0, 1)
    for line in progress_of(list(definition.description.in_order), run.saga, run.history):
        rows.add_row(plain(line.step), *_forward(line, now), *_direction(line.compensation, BACK, now))
    return Group(heading(run), rows)


def whole(run: SagaDetail) -> RenderableType:
    """The whole history of a saga, the operators' actions, and the trace's address."""
    rows = table()
    for act in run.acts:
        who = f"{act.operator}: {act.act}"
        rows.add_row(Text(f"{act.at.astimezone():%d %b %H:%M:%S}", "dim"), printable(who), printable(act.reason))
    acts = ("", rows) if run.acts else ()
    trace = ("", Text(f"Its trace: {run.trace_url}")) if run.trace_url else ()
    return Group(heading(run), "", entries(run), *acts, *trace)


def heading(run: SagaDetail) -> Text:
    """The saga's name, id, order, status and duration."""
    took = duration(run.took or datetime.now(UTC) - run.started_at)
    why = f": {printable(run.reason)}" if run.reason else ""
    return Text.assemble(
        (plain(run.saga), "bold"), f" {run.saga_id}\n", "order ", run.key, " is ", status_of(run), why, f", {took}"
    )


def definition(found: SagaDefinition) -> RenderableType:
    """A definition's steps, with their services, compensations and timeouts."""
    title = Text.assemble((plain(found.saga), "bold"), f" version {found.version}, {found.runs_left} running")
    return Group(title, _steps_table(found))


def status_of(run: SagaSummary) -> Text:
    return Text(plain(run.status), COLOURS[run.status])


def duration(length: timedelta) -> str:
    """The duration in a suitable unit."""
    if length < SECOND:
        return f"{length / MILLISECOND:.0f} ms"
    if length < timedelta(minutes=2):
        return f"{length / SECOND:.1f} s"
    return str(length).partition(".")[0]


def plain(name: str) -> str:
    return name.replace("_", " ")


def _forward(line: StepProgress, now: datetime) -> tuple[Text, Text]:
    if line.skipped:
        return Text("-", "dim"), Text("not needed", "dim")
    return _direction(line.forward, FORWARD, now)


def _direction(
    progress: LegProgress | None, marks: Mapping[Outcome, tuple[str, str]], now: datetime
) -> tuple[Text, Text]:
    if progress is None:
        return Text("·", "dim"), Text()
    mark, colour = marks[progress.last.outcome]
    attempt = f"attempt {progress.last.number}" if progress.last.number > 1 else ""
    parts = (
        duration(progress.took(now)),
        OUTCOME_LABELS[progress.last.outcome],
        attempt,
        printable(progress.last.detail or ""),
    )
    return Text(mark, colour), Text(", ".join(filter(None, parts)))


def _steps_table(found: SagaDefinition) -> Table:
    rows = table("step", "service", "compensation", "timeout", "")
    rows.padding = (0, 1, 0, 1)
    for step, description in found.description.in_order.items():
        pivot = "point of no return" if step == found.description.pivot else ""
        when = "conditional" if description.conditional else ""
        undo = plain(_service_and_verb(description.undo)[1]) if description.undo else ""
        rows.add_row(
            plain(step),
            _service_and_verb(description.command)[0],
            undo,
            _timeout(description.within),
            pivot or when,
        )
    return rows


def _service_and_verb(type_name: str) -> tuple[str, str]:
    """The service and the verb of a command's type, such as `payment.void_payment.v1`."""
    service, verb, _ = type_name.split(".")
    return service, verb


def _timeout(seconds: float) -> str:
    length = timedelta(seconds=seconds)
    return f"{length.days} days" if length.days else f"{seconds:.0f} s"
