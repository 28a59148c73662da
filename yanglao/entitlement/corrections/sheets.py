# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of what persons said to the look-ahead list (免申即享确认结果): the export, filled in and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from yanglao.entitlement.corrections import actions
from yanglao.entitlement.corrections.models import Prospect
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
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
    integer,
    text,
)
from yanglao.shell.sheets import mark as _

UNKNOWN = Problem(_("没有这个编号"), _("编号不在您的免申即享预告名单里"), _("请从预告页导出名单再填写"))
OTHER = Problem(_("姓名与编号对不上"), _("名单里这个编号是另一个人"), _("请核对编号和姓名"))
DONE = Problem(_("已经办理过"), _("这一条已登记过本人意见，或不需要确认"), _("请删去这一行"))
WHY = Problem(_("没有写理由"), _("放弃享受的要写明理由"), _("请在“说明”里填写"))
LATER = Problem(
    _("不能整批撤销"), _("确认后已登记申请，可能已据此发放"), _("请逐人在档案里更正，或在预告页重新登记")
)
SAID = {
    "同意": Prospect.State.CONFIRMED.value,
    "放弃": Prospect.State.REFUSED.value,
    "同意但无账户": Prospect.State.NO_ACCOUNT.value,
}


def _known(rows: Sequence[Any]) -> tuple[dict[int, Prospect], dict[int, str]]:
    ids = {row.number for row in rows if row.number is not None}
    with everything("the prospects a workbook names; bounded by the division below"):
        prospects = {p.pk: p for p in Prospect.objects.filter(pk__in=ids).order_by("pk")}
        people = Person.files.filter(pk__in={p.person_id for p in prospects.values()}).order_by("pk")
        return prospects, dict(people.values_list("pk", "name"))


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Every row names a prospect that waits, in reach, of the person it says."""
    prospects, names = _known(rows)
    for row in rows:
        found = prospects.get(row.number or 0)
        if found is None or not context.actor.can("corrections.confirm", found.division_id):
            yield at(row, "number", UNKNOWN)
        elif row.name != names.get(found.person_id):
            yield at(row, "name", OTHER)
        elif found.kind == Prospect.Kind.ENDS or found.state not in (
            Prospect.State.OPEN,
            Prospect.State.NO_ACCOUNT,
            Prospect.State.REFUSED,
        ):
            yield at(row, "number", DONE)
        if row.outcome == Prospect.State.REFUSED and not row.remark:
            yield at(row, "remark", WHY)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Enter what each said, by the action the page calls. Raises ValidationError."""
    words = {value: word for word, value in SAID.items()}
    counts: Counter[str] = Counter(dict.fromkeys(SAID, 0))
    done = 0
    for rows in batches:
        prospects, _names = _known(rows)
        for row in rows:
            try:
                settled = actions.confirm(
                    context.actor,
                    prospects[row.number],
                    outcome=row.outcome,
                    said_by=row.said_by,
                    helper=bool(row.helper),
                    remark=row.remark or "",
                )
            except ValidationError as refused:
                raise ValidationError([f"{row.row_number}: {text}" for text in refused.messages]) from refused
            counts[words[settled.state]] += 1
        done += len(rows)
        context.progress(done)
    return dict(counts)


def undo(context: UndoContext) -> None:
    """What a person said is not taken back by a batch."""
    raise UndoRefused(LATER)


PROSPECTS = ImportTemplate(
    name="corrections.prospects",
    label=gettext_lazy("免申即享确认结果"),  # type: ignore[arg-type]
    right="corrections.confirm",
    columns=[
        Column("编号", "number", required=True, parse=integer(1), note=_("预告名单里的编号")),
        Column("姓名", "name", required=True, parse=text(50)),
        Column("本人意见", "outcome", required=True, choices=SAID),
        Column("确认人", "said_by", required=True, parse=text(60), note=_("老人本人，或代办人的姓名和关系")),
        Column("由代办人确认", "helper", choices={"是": True, "否": False}),
        Column("说明", "remark", parse=text(400), note=_("放弃的必须写明理由")),
    ],
    unique=("number",),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=20_000,
    instructions=(_("先在“免申即享预告”导出名单（选上“编号”一列），填好本人意见后导入。"),),
    description=_("把社区逐户确认的结果一次登记"),
)
