"""The invented district 虚构示范区: layers, layer sets and sites for trying, demonstrating and testing."""

from .make import SampleDistrict, make

__all__ = ["SampleDistrict", "make"]
