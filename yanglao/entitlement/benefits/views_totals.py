"""A run's totals and its public list as Excel workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import publicity, queries
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.money import yuan
from yanglao.entitlement.benefits.story import CAUSES
from yanglao.entitlement.benefits.subjects import unit_of
from yanglao.entitlement.benefits.totals import Kind, Number, Total, Totals
from yanglao.entitlement.benefits.views import below
from yanglao.entitlement.benefits.views_cycle import chosen_division
from yanglao.shell.pages import Access
from yanglao.shell.sheets.write_template import sheet_name

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Line = Sequence[Any]


class OfRun(Access):
    """A file about one run that concerns the one who asks."""

    def get(self, request: HttpRequest, run: int) -> HttpResponseBase:
        found = get_object_or_404(queries.runs_of(self.actor), pk=run)
        headers = {
            "Content-Disposition": f'attachment; filename="{self.name(found)}.xlsx"',
            "Cache-Control": "no-store",
        }
        made = _workbook(found.title, self.sheets(found))
        return HttpResponse(made, content_type=_TYPE, headers=headers)

    def name(self, run: Run) -> str:
        raise NotImplementedError

    def sheets(self, run: Run) -> Iterator[tuple[str, list[Line]]]:
        """Title and lines of each sheet, the headings first."""
        raise NotImplementedError


class RunWorkbook(OfRun):
    """By division, policy, bracket and cause, with the month before."""

    right = "benefits.export"

    def name(self, run: Run) -> str:
        return f"run-{run.pk}"

    def sheets(self, run: Run) -> Iterator[tuple[str, list[Line]]]:
        self.actor.require("benefits.export", run.division_id)
        totals = Totals(run)
        money = [_("给予服务"), _("金额（元）"), _("上月（元）"), _("较上月（元）")]
        heads = [h for kind in totals.kinds for h in _heads_of(kind)]
        lines = totals.by_division(below(self.actor.division or run.division_id))
        whole = totals.all()
        rows = [[t.label, *_numbers(t, totals.kinds), *_money(t)] for t in (*lines, whole)]
        rows[-1][0] = _("合计")
        yield _("按区划"), [[_("区划"), *heads, *money], *rows]
        head = [_("单位"), _("数量"), _("对象数"), _("上月数量"), *money]
        yield (
            _("按政策"),
            [
                [_("政策"), *head],
                *([t.label, *_own(t), *_money(t)] for t in totals.by_policy()),
                [_("合计"), *[""] * 4, *_money(whole)],
            ],
        )
        brackets = ([totals.title(t), t.label, *_own(t), *_money(t)] for t in totals.by_reason())
        last = [_("合计"), *[""] * 5, *_money(whole)]
        yield _("按档次"), [[_("政策"), _("档次"), *head], *brackets, last]
        changes = [[str(CAUSES[c.cause]), c.people, yuan(c.fen)] for c in queries.changes(run)]
        if changes:
            last = [_("合计"), "", yuan(whole.fen_change)]
            yield _("与上月相比"), [[_("原因"), _("笔数"), _("金额变化（元）")], *changes, last]


def _numbers(total: Total, kinds: Sequence[Kind]) -> list[int]:
    found = {n.kind: n for n in total.numbers}
    numbers = [found.get(kind, Number(kind, 0, heads=0 if kind.monthly else None)) for kind in kinds]
    return [
        part
        for n in numbers
        for part in ((n.now, n.before) if n.heads is None else (n.now, n.heads, n.before))
    ]


def _heads_of(kind: Kind) -> list[str]:
    """The columns of a kind: how many, where months are counted also how many subjects they are, the month before."""
    subjects = [unit_of(kind.subject).heading] if kind.monthly else []
    return [kind.heading, *subjects, _("上月%(what)s") % {"what": kind.heading}]


def _own(total: Total) -> list[Any]:
    number = total.numbers[0]
    heads = number.now if number.heads is None else number.heads
    return [number.kind.unit, number.now, heads, number.before]


def _money(total: Total) -> list[Any]:
    return [total.given, yuan(total.fen), yuan(total.fen_before), yuan(total.fen_change)]


class PublicWorkbook(OfRun):
    """The public list of a street, names masked as on paper."""

    right = "benefits.view"

    def name(self, run: Run) -> str:
        return f"public-{run.pk}-{chosen_division(self.request) or run.division_id}"

    def sheets(self, run: Run) -> Iterator[tuple[str, list[Line]]]:
        head = [
            _("村（社区）"),
            _("对象类别"),
            _("序号"),
            _("名称"),
            _("说明"),
            _("待遇项目"),
            _("给予服务"),
            _("金额（元）"),
        ]
        rows = [
            [
                village.name,
                group.heading,
                row.number,
                row.name,
                row.detail,
                row.items,
                row.given,
                yuan(row.fen),
            ]
            for village in publicity.villages(run, chosen_division(self.request) or run.division_id)
            for group in village.groups
            for row in group.rows
        ]
        yield _("公示名单"), [head, *rows]


def _workbook(name: str, sheets: Iterator[tuple[str, list[Line]]]) -> bytes:
    """Texts go in as texts, whatever they begin with; money with two decimals. The headings stay in view and are
    repeated on every page of paper (A4, across), which bears the run's name."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold, money, whole = (
        book.add_format(look)
        for look in (
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1},
            {"num_format": "#,##0.00"},
            {"num_format": "#,##0"},
        )
    )
    for title, lines in sheets:
        sheet = book.add_worksheet(sheet_name(title))
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, str):
                    sheet.write_string(at, column, value, bold if at == 0 else None)
                else:
                    sheet.write_number(at, column, value, whole if isinstance(value, int) else money)
        _laid_out(sheet, lines)
        sheet.set_header(f"&L{name.replace('&', '&&')}&R{title.replace('&', '&&')}")
    book.close()
    return out.getvalue()


def _laid_out(sheet: Any, lines: list[Line]) -> None:
    """Columns as wide as what stands in them, and the sheet as it is printed."""
    for column in range(len(lines[0])):
        texts = (line[column] for line in lines if column < len(line) and line[column] != "")
        wide = max((_width(value) for value in texts), default=8)
        sheet.set_column(column, column, min(max(wide + 2, 8), 44))
    sheet.freeze_panes(1, 0)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&R&P / &N")


def _width(value: Any) -> int:
    """How many columns of a digit's width a value takes: a Chinese character two."""
    text = value if isinstance(value, str) else f"{value:,}"
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
