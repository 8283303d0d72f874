"""Throughput against concurrency, and latency against rate, as pictures."""

import sys
from pathlib import Path
from statistics import median
from typing import Any

import pygal
from pygal.style import CleanStyle

from performance.report import throughput
from performance.results import Results

# Pygal leaves an import hook of Python 2 behind, which has no `find_spec`, and pytest asks each hook for it.
sys.meta_path[:] = [hook for hook in sys.meta_path if hasattr(hook, "find_spec")]


def draw(results: Results, folder: Path) -> list[Path]:
    """Write what there is to show, and return the files."""
    pictures = {"throughput.svg": _throughput(results), "latency.svg": _latency(results)}
    written = [folder / name for name, chart in pictures.items() if chart]
    for path in written:
        pictures[path.name].render_to_file(str(path))
    return written


def _throughput(results: Results) -> Any:
    levels = [level for level in results.levels if level.at_once]
    if not levels:
        return None
    chart = pygal.Line(**_style("Sagas a second", "orders at once"), include_x_axis=True)
    chart.x_labels = [str(level.at_once) for level in levels]
    for system in results.systems:
        at = [throughput(results, system, level) if results.at(system, level) else None for level in levels]
        chart.add(system, at)
    return chart


def _latency(results: Results) -> Any:
    levels = [level for level in results.levels if level.rate]
    if not levels:
        return None
    chart = pygal.Line(**_style("From order to end, ms", "orders a second"), logarithmic=True)
    chart.x_labels = [f"{level.rate:g}" for level in levels]
    for system in results.systems:
        for name in ("p50", "p95", "p99"):
            rounds = [results.at(system, level) for level in levels]
            at = [median(getattr(each.latency, name) for each in found) if found else None for found in rounds]
            chart.add(f"{system}, {name}" if len(results.systems) > 1 else name, at)
    return chart


def _style(title: str, across: str) -> dict[str, Any]:
    # No script: a page that shows the picture need not trust it.
    return {"title": title, "x_title": across, "style": CleanStyle, "js": (), "width": 800, "height": 450}
