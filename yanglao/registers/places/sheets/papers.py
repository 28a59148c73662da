# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of licences, filings and insurances: one document a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import everything
from yanglao.registers.places.kinds import facts
from yanglao.registers.places.models import Place
from yanglao.registers.places.recording import Contents, project, refresh
from yanglao.registers.places.sheets import cells, known
from yanglao.registers.places.sheets.writing import Word, Writing, take_back_facts
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    at,
    integer,
    text,
)
from yanglao.shell.sheets import mark as _

EXPIRES_FIRST = Problem(_("有效期早于发证日期"), _("两个日期前后颠倒"), _("核对证件上的日期"))
NO_VALUE = Problem(_("缺少等级"), _("“{value}”要写明评定的等级"), _("在“等级”一列填写，如“三星级”“A级”"))
NOT_A_VALUE = Problem(_("等级不在可选范围内"), _("“{value}”不是这一类证照的等级"), _("核对后改为规定的写法"))
NEW, SAME = _("登记证照"), _("没有变化")


def _papers() -> dict[str, str]:
    return {kind.label: name for name, kind in facts().items() if kind.has_paper}


def agrees(row: Any) -> Iterable[Finding]:
    """Days in order; a grade where the document has one."""
    if row.issued_on and row.expires_on and row.expires_on < row.issued_on:
        yield at(row, "expires_on", EXPIRES_FIRST)
    if row.kind in facts() and facts()[row.kind].form == "list":
        if row.value is None:
            yield at(row, "kind", NO_VALUE)
        elif _value(row) == "":
            yield at(row, "value", NOT_A_VALUE)


def _value(row: Any) -> str:
    kind = facts()[row.kind]
    if kind.form != "list":
        return ""
    return next((n for n, v in kind.values.items() if row.value in (n, v.label, *v.words)), "")


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    """Every row names one place of the importer's."""
    yield from known.check(rows, context)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Record the documents, or report them where the importer's word must be confirmed."""
    counts: Counter[str] = Counter({NEW: 0, SAME: 0})
    done = 0
    for rows in batches:
        with everything("the places an import writes"):
            counts.update(_batch(rows, context))
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _batch(rows: Sequence[Any], context: CommitContext) -> Counter[str]:
    writing = Writing(context.actor, context.source)
    meant = known.places(rows, context.actor)
    held: dict[int, Place] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        place = meant[row.row_number][0]
        place = held.setdefault(place.pk, place)
        refresh(place)
        said = Contents(_value(row), None, row.number or "", row.issuer or "", row.expires_on, row.insured)
        news = writing.known(place, [Word(row.kind, (said,), row.issued_on or context.today)])
        counts[NEW if news else SAME] += 1
    for place in held.values():
        project(place)
    writing.flush()
    return counts


def undo(context: UndoContext) -> None:
    """Take the documents back. Raises UndoRefused."""
    with everything("an import is taken back whole"):
        take_back_facts(context.source)


PAPERS = ImportTemplate(
    name="places.papers",
    label=gettext_lazy("证照、备案和保险"),  # type: ignore[arg-type]
    right="places.import",
    columns=[
        Column("名称", "place", parse=text(120), required=True, synonyms=("机构名称", "设施名称")),
        Column("所在区划", "division", parse=division, synonyms=("区划",), note=_("同名的不止一个时填写")),
        Column("证照类型", "kind", choices=_papers, required=True, synonyms=("证件类型", "保险类型", "类型")),
        Column(
            "编号",
            "number",
            parse=text(80),
            synonyms=("证照编号", "证件号", "文号", "保单号", "许可/备案编号"),
        ),
        Column("等级", "value", parse=text(20), note=_("等级评定、食品安全等级等填写")),
        Column(
            "发证单位",
            "issuer",
            parse=text(120),
            synonyms=("发证机关", "承保公司", "登记机关", "法人登记机关"),
        ),
        cells.day("发证日期", "issued_on", "生效日期", "备案时间", "登记日期", note=_("不填按导入当天")),
        cells.day("有效期至", "expires_on", "到期日期", "有效期", future=True),
        Column("投保人数", "insured", parse=integer(0, 100_000)),
    ],
    row_checks=(agrees,),
    unique=(("place", "division", "kind", "value"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=50_000,
    instructions=(_("一行一份证照；续办的填新的编号和有效期，原来的保留在历史中。"),),
    description=_("登记证照、备案、保险和等级的编号与有效期"),
)
