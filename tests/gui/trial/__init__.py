"""What is tried in the real window of QGIS, by subject."""
