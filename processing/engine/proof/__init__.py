"""A verdict proved: the dossier's own law, its sites and its figures, judged again and compared."""
