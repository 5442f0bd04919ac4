"""Where sites and features lie to each other: overlaps, distances, depths, shares. No rule is known here."""
