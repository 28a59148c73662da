# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of operators: one legal entity a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import entered, everything
from yanglao.registers.places import actions
from yanglao.registers.places.kinds import facts
from yanglao.registers.places.models import Operator
from yanglao.registers.places.sheets import cells, known
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    choice,
    credit_code,
    phone,
    text,
)
from yanglao.shell.sheets import mark as _

OTHER_NAME = Problem(
    _("统一社会信用代码已有档案"),
    _("这个代码的档案名称是“{other}”"),
    _("核对代码和名称；改了名的先在档案中更正"),
)
IN_USE = Problem(_("已经不能撤销"), _("导入的运营方中有{number}个已有站点或合同"), _("请逐个更正"))
ADDED, SAME = _("新建运营方"), _("已有档案")


def _nature() -> dict[str, str]:
    return {value.label: name for name, value in facts()["nature"].values.items()}


def _parse_nature(value: Any) -> Any:
    labels = _nature()
    kind = facts()["nature"]
    return choice(labels, {w: v.label for v in kind.values.values() for w in v.words if w not in labels})(
        value
    )


def _known(rows: Sequence[Any]) -> tuple[dict[str, Operator], dict[tuple[int, str], Operator]]:
    with everything("one file per operator, wherever it is kept"):
        codes = Operator.objects.filter(uscc__in={r.uscc for r in rows if r.uscc}).order_by("id")
        names = Operator.objects.filter(name__in={r.name for r in rows if r.name}).order_by("id")
        return {str(o.uscc): o for o in codes}, {(o.division_id, o.name): o for o in names}


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    """Rights, and doubles by credit code."""
    by_code, _by_name = _known(rows)
    for row in rows:
        if row.division is not None and not context.actor.can("places.import", row.division):
            yield at(row, "division", known.NOT_YOURS)
        same = by_code.get(row.uscc) if row.uscc else None
        if same is not None and same.name != row.name:
            yield at(row, "uscc", OTHER_NAME.with_params(other=same.name))


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Operators without a file get one."""
    counts: Counter[str] = Counter({ADDED: 0, SAME: 0})
    done = 0
    for rows in batches:
        by_code, by_name = _known(rows)
        with entered(context.actor):
            for row in rows:
                held = by_code.get(row.uscc or "") or by_name.get((row.division, row.name))
                if held is None:
                    _add(row, context)
                counts[SAME if held else ADDED] += 1
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _add(row: Any, context: CommitContext) -> None:
    actions.add_operator(
        context.actor,
        name=row.name,
        division=row.division,
        source=context.source,
        uscc=row.uscc or "",
        nature=row.nature or "",
        legal_representative=row.legal_representative or "",
        phone=row.phone or "",
        address=row.address or "",
        registered_on=row.registered_on,
        note=row.note or "",
    )


def undo(context: UndoContext) -> None:
    """Take the new operators back. Raises UndoRefused when one runs something meanwhile."""
    with everything("an import is taken back whole"):
        rows = Operator.objects.filter(source=context.source)
        used = rows.exclude(places=None, contracts=None).distinct().count()
        if used:
            raise UndoRefused(IN_USE.with_params(number=used))
        rows.delete()


OPERATORS = ImportTemplate(
    name="places.operators",
    label=gettext_lazy("运营方"),  # type: ignore[arg-type]
    right="places.import",
    columns=[
        Column("名称", "name", parse=text(120), required=True, synonyms=("单位名称", "运营单位", "企业名称")),
        Column("登记地", "division", parse=division, required=True, synonyms=("所在区划", "区划")),
        Column("统一社会信用代码", "uscc", parse=credit_code(), note=_("18 位，请把这一列设为文本格式")),
        Column("法人性质", "nature", parse=_parse_nature, choices=_nature, synonyms=("登记类型",)),
        Column(
            "法定代表人",
            "legal_representative",
            parse=text(50),
            synonyms=("法定代表人（主要负责人）姓名", "负责人"),
        ),
        Column("联系方式", "phone", parse=phone(), sensitive=True, synonyms=("法定代表人电话", "联系电话")),
        Column("住所", "address", parse=text(200), synonyms=("地址",)),
        cells.day("成立日期", "registered_on", "登记日期"),
        Column("备注", "note", parse=text(200)),
    ],
    unique=("uscc", ("division", "name")),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=20_000,
    instructions=(_("按统一社会信用代码识别；没有代码的按名称和登记地识别。"),),
    description=_("登记运营机构设施的企业、社会组织和事业单位"),
)
