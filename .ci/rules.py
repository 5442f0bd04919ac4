"""Writes processing/rules/RULES.md and build/rules.html from the packs that ship."""

from __future__ import annotations

from pathlib import Path

from ecoredline.processing.rules.packs import load_packs
from ecoredline.processing.rules.rulebook import rulebook
from ecoredline.processing.rules.rulebook_pages import html, markdown

ROOT = Path(__file__).absolute().parent.parent


def main() -> None:
    """Write both."""
    sections = rulebook(load_packs(cases=False))
    page = ROOT / "build" / "rules.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(html(sections), encoding="utf-8")
    (ROOT / "processing" / "rules" / "RULES.md").write_text(markdown(sections), encoding="utf-8")
    print(f"processing/rules/RULES.md, build/rules.html: {sum(section.level == 3 for section in sections)} rules")


if __name__ == "__main__":
    main()
