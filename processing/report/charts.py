"""Charts of a run for its HTML page: verdicts by industry and by control unit, and how near results are to a flip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from ...layers.texts import Text
from .finding import order
from .html_parts import gloss
from .opinion import CLEAR_IN_PART, verdict_zh
from .palette import CLEAR_PARTIAL, look_key, looks
from .source import Source
from .values import parts, shown

WIDTH, LABEL, ROW, BAR = 1000, 250, 24, 16
MOST_ROWS, MOST_COLUMNS = 20, 12
UNFILLED, NO_UNIT, REST = "行业未填", "未落入单元", "其他"
MARGINS = ((1.0, "不足 1 m"), (5.0, "1–5 m"), (20.0, "5–20 m"), (100.0, "20–100 m"), (1000.0, "100–1000 m"))
BEYOND = "1000 m 以上"
Counts = Mapping[str, Counter[str]]


def charts(source: Source) -> str:
    """Return the charts of a run as HTML; every site counts, also those that the page does not list."""
    rows = _sites(source)
    by_industry, by_unit = _counted([(i, look) for i, _, look in rows]), _counted([(u, look) for _, u, look in rows])
    margins = _margins(source)
    parts_of_page = [
        _figure(Text("各行业的初筛意见（地块数）", "verdicts by industry, sites"), _bars(by_industry)),
        _figure(Text("各管控单元的初筛意见（地块数）", "verdicts by control unit, sites"), _bars(by_unit)),
        _figure(
            Text("行业与管控单元：地块数与最严意见", "industry by unit: sites, and the gravest verdict"), _matrix(rows)
        ),
    ]
    if margins:
        title = Text("距翻转余量（发现条数）", "distance to the flip, findings")
        parts_of_page.append(_figure(title, _bars(margins, ranked=False)))
    return _legend() + "".join(parts_of_page)


def _sites(source: Source) -> list[tuple[str, str, str]]:
    """Return industry division, unit and look of every site; a site in several units counts in the first."""
    sites = source.sites
    industry = {}
    if "industry" in sites:
        industry = dict(zip(map(shown, sites["site_id"]), map(shown, sites["industry"]), strict=True))
    verdicts = source.verdicts
    out = []
    columns = [verdicts[name] for name in ("site_id", "unit_codes", "verdict", "completeness")]
    for site_id, units, verdict, completeness in zip(*columns, strict=True):
        division = next(iter(parts(industry.get(site_id, ""))), "")[:3] or UNFILLED
        out.append((division, next(iter(parts(units)), NO_UNIT), look_key(verdict, completeness)))
    return out


def _counted(pairs: Sequence[tuple[str, str]]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for key, look in pairs:
        counts.setdefault(key, Counter())[look] += 1
    return counts


def _margins(source: Source) -> dict[str, Counter[str]]:
    findings = source.findings[source.findings["margin_m"].notna()]
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*(name for _, name in MARGINS), BEYOND)}
    for margin, verdict in zip(findings["margin_m"], findings["verdict"], strict=True):
        counts[next((name for most, name in MARGINS if margin < most), BEYOND)][verdict] += 1
    return counts if len(findings) else {}


def _bars(counts: Counts, ranked: bool = True) -> str:
    """Return stacked bars as SVG, the longest first where ranked; beyond 20 the rest is one bar."""
    items = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])) if ranked else list(counts.items())
    if len(items) > MOST_ROWS:
        rest: Counter[str] = Counter()
        for _, counter in items[MOST_ROWS - 1 :]:
            rest += counter
        items = [*items[: MOST_ROWS - 1], (REST, rest)]
    most = max((counter.total() for _, counter in items), default=0) or 1
    scale = (WIDTH - LABEL - 60) / most
    body = []
    for place, (name, counter) in enumerate(items):
        y = place * ROW
        body.append(f'<text class="bar-name" x="{LABEL - 8}" y="{y + 16}">{escape(name)}</text>')
        x = float(LABEL)
        for look in sorted(counter, key=_gravity):
            width = counter[look] * scale
            title = escape(f"{name} {_words(look)}：{counter[look]}")
            body.append(
                f'<rect class="bar c-{_known(look)}" x="{x:.2f}" y="{y + 4}" width="{width:.2f}" height="{BAR}">'
                f"<title>{title}</title></rect>"
            )
            x += width
        body.append(f'<text class="bar-count" x="{x + 6:.2f}" y="{y + 16}">{counter.total()}</text>')
    return f'<svg class="chart" viewBox="0 0 {WIDTH} {len(items) * ROW + 4}" role="img">{"".join(body)}</svg>'


def _matrix(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return a table of industries by units: in each cell the number of sites, in the look of the gravest."""
    industries = [name for name, _ in Counter(i for i, _, _ in rows).most_common(MOST_ROWS)]
    units = sorted(name for name, _ in Counter(u for _, u, _ in rows).most_common(MOST_COLUMNS))
    cells: dict[tuple[str, str], list[str]] = {}
    for industry, unit, look in rows:
        cells.setdefault((industry, unit), []).append(look)
    head = "".join(f'<th scope="col">{escape(unit)}</th>' for unit in units)
    body = "".join(
        f'<tr><th scope="row">{escape(industry)}</th>{"".join(_cell(cells.get((industry, u), [])) for u in units)}</tr>'
        for industry in sorted(industries)
    )
    left = len({i for i, _, _ in rows}) > len(industries) or len({u for _, u, _ in rows}) > len(units)
    note = f'<p class="none">只列地块最多的 {MOST_ROWS} 个行业和 {MOST_COLUMNS} 个单元。</p>' if left else ""
    made = f'<table class="data matrix"><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sheet">{made}</div>{note}'


def _cell(found: Sequence[str]) -> str:
    if not found:
        return "<td></td>"
    worst = min(found, key=_gravity)
    look = _known(worst)
    return f'<td class="f-{look}" title="{escape(_words(worst))}">{looks()[look].symbol} {len(found)}</td>'


def _legend() -> str:
    entries = "".join(
        f'<span class="key"><span class="c-{look}">■</span> {escape(_words(look))}</span>' for look in looks()
    )
    return f'<p class="keys">{entries}</p>'


def _figure(title: Text, body: str) -> str:
    return f"<figure><figcaption>{gloss(title)}</figcaption>{body}</figure>"


def _known(look: str) -> str:
    return look if look in looks() else "undetermined"


def _words(look: str) -> str:
    return CLEAR_IN_PART if look == CLEAR_PARTIAL else verdict_zh(look)


def _gravity(look: str) -> tuple[int, str]:
    return order("clear") if look == CLEAR_PARTIAL else order(look), look
