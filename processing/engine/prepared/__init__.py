"""Layers made ready for many sites: cut small, indexed, measured once, kept in memory or in a folder."""
