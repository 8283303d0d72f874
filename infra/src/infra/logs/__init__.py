"""Reads the logs that the parts write, whatever their format: entry by entry, filtered, across rotation."""

from infra.logs.entry import LEVELS, Entry, Level
from infra.logs.search import Line, Search
from infra.logs.stream import matching_lines
from infra.logs.tail import Tail
from infra.logs.wanted import Wanted

__all__ = ["LEVELS", "Entry", "Level", "Line", "Search", "Tail", "Wanted", "matching_lines"]
