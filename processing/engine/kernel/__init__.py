"""Compiled inner loops of the spatial pass. Without the compiled file the same results come from GEOS, only slower."""
