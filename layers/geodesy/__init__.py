"""Exact formulas over arrays on the CGCS2000 ellipsoid; edges are straight in longitude and latitude."""
