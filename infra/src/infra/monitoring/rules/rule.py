"""An alert rule: a query, its limit, the text of the alert, and its runbook."""

from dataclasses import dataclass
from typing import Any, Literal

from counterstep.monitoring.alerts import RUNBOOKS

Severity = Literal["critical", "warning"]


@dataclass(frozen=True)
class Rule:
    """Fires while `query` has been beyond its limit for `lasting`.

    `critical` is for a person now, `warning` for a person today. The texts are Prometheus templates, of the labels
    and the value; `runbook` is a page of docs/runbooks.
    """

    name: str
    query: str
    summary: str
    description: str
    runbook: str
    above: float | None = None
    below: float | None = None
    only_where: str | None = None
    lasting: str = "1m"
    severity: Severity = "warning"

    @property
    def expression(self) -> str:
        """The condition in PromQL."""
        limit = f" > {self.above:.12g}" if self.above is not None else ""
        limit += f" < {self.below:.12g}" if self.below is not None else ""
        return f"{self.query}{limit}" + (f" and {self.only_where}" if self.only_where else "")

    def as_prometheus(self) -> dict[str, Any]:
        """The rule in the form of Prometheus' rule files."""
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": self.lasting,
            "labels": {"severity": self.severity},
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook": f"{RUNBOOKS}/{self.runbook}.md",
            },
        }
