# i18n: data — words of the Chinese document
"""The report as PDF and its chart as PNG, drawn with typst."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from yanglao.steering.plans.report.content import (
    STATE_WORDS,
    Report,
    bars,
    chinese_date,
    compose,
    note_numbers,
    notes,
    percent,
    tally,
)

HERE = Path(__file__).parent
FONTS = Path(str(files("justmytype_intl_cjk"))) / "fonts" / "ofl" / "notosanssc"
CHART_PPI = 220


def write_pdf(report: Report) -> bytes:
    """The whole report, A4."""
    return _compile("monthly.typ", payload(report), "pdf")


def write_chart(report: Report) -> bytes:
    """The chart alone as PNG, 156 mm wide."""
    return _compile("figure.typ", {"tally": tally(report), "bars": bars(report)}, "png")


def _compile(template: str, data: dict[str, Any], form: Literal["pdf", "png"]) -> bytes:
    return typst.compile(
        HERE / template,
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format=form,
        ppi=CHART_PPI if form == "png" else None,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


def payload(report: Report) -> dict[str, Any]:
    """The report as plain data for the template."""
    return {
        "title": report.title,
        "issuer": report.issuer,
        "date": chinese_date(report.as_of),
        "as_of": chinese_date(report.as_of),
        "demonstration": report.demonstration,
        "sections": [_section(section) for section in compose(report)],
        "tally": tally(report),
        "bars": bars(report),
        "lines": table(report),
        "units": [
            {
                "name": unit.name,
                "filled": f"{unit.filled}/{unit.asked}",
                "sent": chinese_date(unit.sent_on) if unit.sent_on else "未报",
            }
            for unit in report.units
        ],
        "ranking": [[str(one.rank), one.name, one.total, *one.points] for one in report.ranking],
        "ranked_by": list(report.ranked_by),
        "notes": notes(report),
    }


def _section(section: Any) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "paragraphs": [
            {"lead": p.lead, "runs": [{"text": r.text, "note": r.note} for r in p.runs]}
            for p in section.paragraphs
        ],
    }


def table(report: Report) -> list[dict[str, Any]]:
    """Rows of the table of targets, as words."""
    numbers = note_numbers(report)
    return [
        {
            "n": index + 1,
            "name": line.name,
            "goal": line.goal,
            "value": line.value,
            "progress": percent(line.progress) if line.progress is not None and line.decided else "—",
            "state": STATE_WORDS[line.state],
            "light": line.state.light,
            "origin": line.origin,
            "note": numbers.get(index),
        }
        for index, line in enumerate(report.lines)
    ]
