"""Uploads of every kind, one file per format; the door is `layers.sites`."""
