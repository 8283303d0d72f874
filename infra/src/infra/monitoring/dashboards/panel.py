"""A panel: a question, what to do about its answer, and the queries that answer it; and how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final, Literal

from grafana_foundation_sdk.builders import common as options
from grafana_foundation_sdk.builders.dashboard import FieldColor, ThresholdsConfig
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.timeseries import Panel as Timeseries
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
)

PROMETHEUS: Final = DataSourceRef(type_val="prometheus", uid="prometheus")
GOOD: Final = "green"
BAD: Final = "red"
COLOURS: Final = {
    "{{outcome}}": {"completed": "green", "compensated": "orange", "confirmed": "green"},
    "{{status}}": {"running": "blue", "compensating": "orange", "needs_attention": "red"},
}
"""Each outcome has one colour everywhere, by a name that suits a dark and a light theme."""

HEIGHTS: Final = {"figure": 4, "lines": 8}

Unit = Literal["short", "s", "ops", "reqps", "mps", "percentunit", "bytes", "none", "cps"]


@dataclass(frozen=True)
class Panel:
    """Legend → PromQL, drawn as lines over time or as one figure, `width` of 24 columns wide.

    From `above` on, or under `below`, it is trouble: there a red line is drawn, and a figure turns red.
    """

    title: str
    about: str
    unit: Unit
    queries: Mapping[str, str]
    kind: Literal["lines", "figure"] = "lines"
    width: int = 8
    above: float | None = None
    below: float | None = None
    stacked: bool = False

    def draw(self, number: int) -> Timeseries | Stat:
        """The panel in Grafana's own form, as the one of this number."""
        panel = self._figure() if self.kind == "figure" else self._lines()
        panel = (
            panel.id(number)
            .title(self.title)
            .description(self.about)
            .datasource(PROMETHEUS)
            .unit(self.unit)
            .thresholds(self._thresholds())
            .span(self.width)
            .height(HEIGHTS[self.kind])
            .no_value("no data")
        )
        for letter, (legend, query) in zip(ascii_uppercase, self.queries.items(), strict=False):
            target = Dataquery().ref_id(letter).expr(query).legend_format(legend).datasource(PROMETHEUS)
            panel.with_target(target.instant() if self.kind == "figure" else target.range())
        return panel

    def _lines(self) -> Timeseries:
        limited = self.above is not None or self.below is not None
        style = common.GraphThresholdsStyleMode.DASHED if limited else common.GraphThresholdsStyleMode.OFF
        panel = (
            Timeseries()
            .min(0)
            .color_scheme(FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
            .line_width(2)
            .fill_opacity(40 if self.stacked else 8)
            .show_points(common.VisibilityMode.NEVER)
            .thresholds_style(options.GraphThresholdsStyleConfig().mode(style))
            .legend(
                options.VizLegendOptions()
                .display_mode(common.LegendDisplayMode.LIST)
                .placement(common.LegendPlacement.BOTTOM)
                .show_legend(show_legend=True)
            )
            .tooltip(
                options.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI).sort(common.SortOrder.DESCENDING)
            )
        )
        if self.stacked:
            panel.stacking(options.StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
        for legend in self.queries:
            for name, colour in COLOURS.get(legend, {}).items():
                fixed = DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour})
                panel.override_by_name(name, [fixed])
        return panel

    def _figure(self) -> Stat:
        return (
            Stat()
            .color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
            .graph_mode(common.BigValueGraphMode.NONE)
            .color_mode(common.BigValueColorMode.VALUE)
            .reduce_options(options.ReduceDataOptions().calcs(["lastNotNull"]))
        )

    def _thresholds(self) -> ThresholdsConfig:
        steps = [Threshold(value=None, color=GOOD)]
        if self.above is not None:
            steps.append(Threshold(value=self.above, color=BAD))
        if self.below is not None:
            steps = [Threshold(value=None, color=BAD), Threshold(value=self.below, color=GOOD)]
        return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)
