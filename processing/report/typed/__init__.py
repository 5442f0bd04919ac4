"""Unit codes, areas and distances that a person typed, laid against the computed ones."""

from .compare import COLUMNS, Tolerances, check_typed

__all__ = ["COLUMNS", "Tolerances", "check_typed"]
