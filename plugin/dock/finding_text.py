"""One finding as text: clause, wording, figures, condition, whom to ask."""

from __future__ import annotations

from html import escape

from ...layers.texts import Text
from .told import Finding

LAW = Text("条文", "wording")
ASK = Text("主管部门", "ask")


def finding_html(finding: Finding) -> str:
    """Return a finding as rich text without colours of its own, so that it reads in dark themes."""
    rows = "".join(
        f"<tr><td style='padding-right:8px'>{escape(str(label))}</td><td><b>{escape(value)}</b></td></tr>"
        for label, value in finding.figures
    )
    parts = [
        f"<p><b>{escape(finding.citation or finding.rule_id)}</b><br/>{escape(str(finding.words))} · "
        f"{escape(finding.rule_id)}</p>",
        f"<p>{escape(str(finding.role_name))} {escape(finding.subject)}</p>" if finding.subject else "",
        f"<table>{rows}</table>" if rows else "",
        f"<p>{escape(str(finding.note))}</p>" if str(finding.note) else "",
        f"<p><b>{Text('待答', 'Open question')}：</b>{escape(finding.question)}</p>" if finding.question else "",
        f"<p><b>{LAW}：</b>{escape(finding.law)}</p>" if finding.law else "",
        f"<p><b>{ASK}：</b>{escape(finding.department)}</p>" if finding.department else "",
    ]
    return "".join(parts)
