"""The page of results: machine, versions, tables, ratios."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from places import Load

if TYPE_CHECKING:
    from run import Runs

HEADINGS = (
    "tool", "prepare, s", "cold, s", "warm, s", "× ours, cold", "× ours, warm", "process, s", "MB",
    "outputs against ours",
)  # fmt: skip
Figures = Mapping[tuple[str, int], Mapping[str, float]]


def page(load: Load, runs: Sequence[Runs], product: Figures) -> str:
    """Return RESULTS.md."""
    sizes = list(dict.fromkeys([r.n for r in runs] + [n for _, n in product]))
    lines = [
        "# Measured by `make bench`",
        "",
        "**Ratios are what is claimed, not seconds**: all tools ran in one run on one machine, one after the other,",
        "each a process of its own, with outputs checked. Machines differ, ratios of the same run hardly do.",
        "",
        *_machine(),
        f"- load: scale {load.scale:g} of `load.py`; sites shuffled; outputs of all tools: overlap area, length and",
        "  share per feature of seven polygon layers, nearest main river and tributary bank up to 5 km",
        "- *prepare*: layers and sites read, brought into the form that suits the tool best, and indexed (ours by a",
        "  first chunk of sites); *cold*: the first run after that; *warm*: the second; *process*: the whole child;",
        "  *MB*: the peak of its process tree",
        "- QGIS tells how much of a site lies in a layer, not in which feature: a site that meets two features of a",
        "  layer is one total there, ours are summed alike, and errors of two features that cancel out go unnoticed",
        "",
    ]
    for n in sizes:
        lines += _peers([r for r in runs if r.n == n], n)
    lines += _versions(runs)
    lines += _product(product)
    return "\n".join(lines) + "\n"


def _machine() -> list[str]:
    cpu = next((x.split(":", 1)[1].strip() for x in _lines("/proc/cpuinfo") if x.startswith("model name")), "")
    memory = next((int(x.split()[1]) / 2**20 for x in _lines("/proc/meminfo") if x.startswith("MemTotal")), 0.0)
    system = next((x.split("=", 1)[1].strip('"') for x in _lines("/etc/os-release") if x.startswith("PRETTY_NAME")), "")
    cores = len(os.sched_getaffinity(0))
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    size = f"{cores} cores, {memory:.0f} GiB"
    return [
        f"- machine: {cpu or platform.machine()}, {size}, {system}, Python {platform.python_version()}",
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; load averages at the end: {load}",
    ]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _peers(runs: Sequence[Runs], n: int) -> list[str]:
    ours = next((r for r in runs if r.tool.name == "ours" and r.cold_s), None)
    if not runs:
        return []
    rounds = max(len(r.cold_s) for r in runs)
    lines = [
        f"## {n:,} sites" + (f" (medians of {rounds} rounds, interleaved)" if rounds > 1 else ""),
        "",
        f"| {' | '.join(HEADINGS)} |",
        "| --- " * len(HEADINGS) + "|",
    ]
    for r in runs:
        if r.problem or not r.cold_s:
            lines.append(f"| {r.tool.label} | – | – | – | – | – | – | – | {r.problem} |")
            continue
        warm, once = (r.cold, "as cold") if r.warm is None else (r.warm, f"{r.warm:.3g}")
        times = "– | –"
        if ours is not None and ours.warm is not None:
            times = f"{r.cold / ours.cold:.1f} | {warm / ours.warm:.1f}"
        lines.append(
            f"| {r.tool.label} | {median(r.prepare_s):.3g} | {r.cold:.3g} | {once} | {times} "
            f"| {median(r.wall_s):.3g} | {max(r.peak_mb):.0f} | {_outputs(r)} |"
        )
    return [*lines, ""]


def _outputs(runs: Runs) -> str:
    c = runs.comparison
    if c is None:
        return "–"
    same = "equal" if c.equal else "**DIFFER**"
    hits = (
        f"{c.hits:,} totals per site and layer, ours summed to {c.hits_ours:,}"
        if c.whole_layers
        else f"{c.hits:,} hits"
    )
    text = f"{same}: {hits}, {c.distances:,} distances; overlaps within {c.share:.1e} of a site, "
    text += f"distances within {c.distance_m:.2g} m"
    wrong = [
        f"{count} {what}"
        for count, what in (
            (c.missing, "hits missing"),
            (c.extra, "hits too many"),
            (c.near_missing, "distances missing"),
            (c.near_extra, "distances too many"),
        )
        if count
    ]
    return f"{text}; {', '.join(wrong)}" if wrong else text


def _versions(runs: Sequence[Runs]) -> list[str]:
    seen = {r.tool.label: (r.version, r.excuse) for r in runs if r.version}
    lines = ["## Versions, and what a way of measuring excuses", ""]
    for label, (version, excuse) in seen.items():
        assert excuse is not None
        distance = f"{excuse.metres:g} m + {excuse.ratio:g} of the distance"
        lines.append(f"- {label}: {version}; distances {distance}, overlaps {excuse.share:g} of the site")
        if excuse.note:
            lines[-1] += f" ({excuse.note})"
    return [*lines, ""]


def _product(product: Figures) -> list[str]:
    if not product:
        return []
    lines = ["## Beyond the facts", ""]
    for n in dict.fromkeys(n for _, n in product):
        figures = {mode: values for (mode, size), values in product.items() if size == n}
        done = {mode: values for mode, values in figures.items() if values.get("status") == 0}
        lines += [f"**{n:,} sites**", ""]
        for mode, values in figures.items():
            shown = ", ".join(f"{name} {value:.3g}" for name, value in values.items() if name != "status")
            lines.append(f"- `{mode}`: {shown if mode in done else 'FAILED'}")
        lines += [f"- {text}" for text in _ratios(done)]
        lines.append("")
    return lines + _growth(product)


def _growth(product: Figures) -> list[str]:
    """Return how the time of a whole command grows from each size to the next: t ~ n^exponent."""
    took = {n: v["inside_s"] for (mode, n), v in sorted(product.items()) if mode == "command" and "inside_s" in v}
    steps = list(pairwise(took.items()))
    if not steps:
        return []
    lines = ["**Growth of a whole command, layers included** (wanted: an exponent of at most 1.05)", ""]
    for (few, before), (many, after) in steps:
        exponent = math.log(after / before) / math.log(many / few)
        lines.append(f"- from {few:,} to {many:,} sites: {before:.3g} s to {after:.3g} s, exponent {exponent:.2f}")
    return [*lines, ""]


def _ratios(done: Mapping[str, Mapping[str, float]]) -> list[str]:
    out = []
    if "command" in done:
        mb, wanted = done["command"]["peak_mb"], 1.5 * 2**30 / 1e6
        out.append(f"a whole command: at most {mb:,.0f} MB in its process tree (wanted: under {wanted:,.0f})")
    for mode, what, wanted in (("cold_arrays", "facts as arrays", 0.6), ("cold_screen", "`screen()`", 2.0)):
        if mode in done:
            took = done[mode]["cold_p50_s"]
            out.append(f"one site in its own process, layers prepared, {what}: {took:.2f} s (wanted: {wanted:g} s)")
    if "one" in done:
        facts, whole = done["one"]["facts_p95_ms"], done["one"]["screen_p95_ms"]
        out.append(f"one site, layers in memory, 95th percentile: facts {facts:.2g} ms (wanted: 3)")
        out.append(f"one site, layers in memory, 95th percentile: whole `screen()` {whole:.2g} ms (wanted: 30)")
    if "screen" in done:
        ratio = done["screen"]["screen_less_layers_to_facts"]
        out.append(
            f"`screen()` with all rules, less reading and preparing layers: {ratio:.2f} × its facts (wanted: 1.3)"
        )
        share = done["screen"]["judging_to_measuring_cpu"]
        out.append(
            "rules, verdicts, tables and digests with all that is measured for them (facts, depths, shares, sums, "
            f"stretches): {share:.2f} × the measuring alone, CPU of one thread"
        )
    for mode, what in (
        ("command", "a whole command"),
        ("processes", "the same in as many processes as there are cores"),
        ("prepared", "a whole command on layers prepared in a folder"),
    ):
        if {"screen", mode, "plain"} <= done.keys():
            left = done[mode]["inside_s"] - done["screen"]["facts_cold_s"]
            ratio = left / done["plain"]["inside_s"]
            out.append(f"{what}: its facts + {ratio:.2f} × plain reading and writing of the same tables (wanted: 1.5)")
    if {"qgis_process", "command"} <= done.keys():
        ratio = done["qgis_process"]["wall_s"] / done["command"]["wall_s"]
        out.append(f"through qgis_process: {ratio:.2f} × the same command in Python (wanted: 2)")
    return out
