# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of old results 旧的评估结果: a level per person, scale and day, made before or outside this system."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import results, rules, scales
from yanglao.entitlement.assessment.models import Assessment, ScaleVersion
from yanglao.entitlement.assessment.terms import terms_for
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people_actions
from yanglao.registers.people import queries as people
from yanglao.registers.people.models import Circumstance, Person
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
    date,
    integer,
    resident_id,
    text,
)
from yanglao.shell.sheets import mark as _

RIGHT = "assessment.import"
NO_FILE = Problem(_("没有这位老年人的档案"), _("这个身份证号还没有档案"), _("先用花名册建档，再导入这一行"))
NOT_YOURS = Problem(
    _("不在您的管理范围"), _("这位老年人的户籍地和居住地都不在您可以导入的区划内"), _("请由当地导入")
)
OTHER_NAME = Problem(_("姓名与档案不符"), _("这个身份证号的档案是另一个姓名"), _("核对姓名和身份证号"))
NO_LEVEL = Problem(_("没有这个等级"), _("这张量表没有这一级"), _("核对量表和等级：按数字填写"))
NO_TOTAL = Problem(_("总分超出范围"), _("这张量表没有这么高的总分"), _("核对量表和总分"))
TOO_LIGHT = Problem(
    _("等级与总分不符"), _("总分对应的等级比填写的重；等级只会因变更依据加重"), _("核对总分和等级")
)
ENDS_EARLY = Problem(_("有效期早于评估日期"), _("两个日期前后颠倒"), _("核对评估日期和有效期"))
AFTER_DEATH = Problem(_("评估日期晚于死亡日期"), _("档案中登记的死亡日期更早"), _("核对评估日期和死亡登记"))
USED = Problem(
    _("已经不能撤销"), _("导入之后又有了新的评估，取代了导入的结果"), _("逐人在评估结果的页面上撤销")
)
ADDED, SAME = _("登记评估结果"), _("没有变化")


def _scales() -> dict[str, str]:
    """How a workbook names the scales → their ids."""
    found: dict[str, str] = {}
    for name, scale in scales.scales().items():
        for word in (scale.number or scale.label, scale.label, name):
            found.setdefault(word, name)
    return found


def agrees(row: Any) -> Iterable[Finding]:
    """One row by itself."""
    scale = scales.scale(row.scale or "")
    if scale is None or row.level is None:
        return
    if row.level > scale.ceiling:
        yield at(row, "level", NO_LEVEL)
    elif row.total is not None and scale.rating == "sum":
        if row.total > scale.most:
            yield at(row, "total", NO_TOTAL)
        elif rules.level_of_total(scale, row.total) > row.level:
            yield at(row, "level", TOO_LIGHT)
    if row.made_on and row.until and row.until < row.made_on:
        yield at(row, "until", ENDS_EARLY)


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Every row names a person whose file stands, in reach."""
    known = people.by_id_numbers(row.id_number.number for row in rows if row.id_number is not None)
    for row in rows:
        if row.id_number is None:
            continue
        found = known.get(row.id_number.number)
        if found is None:
            yield at(row, "id_number", NO_FILE)
        elif not context.actor.can(RIGHT, found.hukou, found.residence):
            yield at(row, "id_number", NOT_YOURS)
        elif row.name is not None and row.name != found.name:
            yield at(row, "name", OTHER_NAME)
        elif found.died is not None and row.made_on is not None and row.made_on > found.died:
            yield at(row, "made_on", AFTER_DEATH)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write all rows, the oldest result of a person first; see ImportTemplate.commit."""
    counts: Counter[str] = Counter({ADDED: 0, SAME: 0})
    done = 0
    for rows in batches:
        known = people.by_id_numbers(row.id_number.number for row in rows)
        with everything("the persons an import holds"):
            persons = {p.pk: p for p in Person.objects.filter(pk__in=[i.pk for i in known.values()])}
            for row in sorted(rows, key=lambda r: r.made_on):
                fresh = _write(row, persons[known[row.id_number.number].pk], context)
                counts[ADDED if fresh else SAME] += 1
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _write(row: Any, person: Person, context: CommitContext) -> bool:
    """The result of a row; False when it is on file. An older one never replaces a newer, nor what is known."""
    mine = Assessment.objects.filter(person=person, scale=row.scale)
    if mine.filter(made_on=row.made_on).exclude(state=Assessment.State.WITHDRAWN).exists():
        return False
    scale = scales.scale(row.scale)
    assert scale is not None
    months = terms_for(person.residence_id).months_of(row.scale)
    valid = mine.filter(state=Assessment.State.VALID).first()
    newer = valid is not None and valid.made_on > row.made_on
    last = row.until + dt.timedelta(days=1) if row.until else rules.months_later(row.made_on, months)
    made = Assessment(
        person=person,
        division_id=person.residence_id,
        version=ScaleVersion.of(scale),
        scale=row.scale,
        body_name=row.body or "",
        made_at=timezone.make_aware(dt.datetime.combine(row.made_on, dt.time(12))),
        made_on=row.made_on,
        total=row.total,
        level=row.level,
        state=Assessment.State.REPLACED if newer else Assessment.State.VALID,
        valid_from=row.made_on,
        valid_to=min(last, valid.made_on) if newer and valid else last,
        source=context.source,
    )
    if valid is not None and not newer:
        valid.state = Assessment.State.REPLACED
        valid.valid_to = min(valid.valid_to or row.made_on, row.made_on)
        valid.save(update_fields=["state", "valid_to"])
        made.replaces = valid
    made.save()
    if scale.circumstance and person.closed_on is None:
        spells = results.not_known(str(scale.circumstance), person.pk, row.made_on, made.valid_to)
        results.record_spells(context.actor, person, made, spells)
    return True


def undo(context: UndoContext) -> None:
    """Take the import back; see ImportTemplate.undo. Raises UndoRefused when something newer rests on it."""
    with everything("what an import wrote"):
        mine = Assessment.objects.filter(source=context.source)
        if (
            Assessment.objects.filter(replaces__in=mine.order_by().values("pk"))
            .exclude(source=context.source)
            .exists()
        ):
            raise UndoRefused(USED)
        house = _house(context.actor)
        said = Circumstance.objects.filter(
            kind__in=("ability", "care_level"), source=context.source, replaced_at=None
        )
        for fact in list(said.select_related("person").order_by("pk")):
            people_actions.withdraw(house, fact, reason=str(gettext_lazy("撤销旧评估结果导入")))
        for row in list(mine.select_related("replaces").order_by("-made_on", "-pk")):
            former = row.replaces
            row.delete()
            if former is not None and former.source != context.source:
                months = terms_for(former.division_id).months_of(former.scale)
                former.state, former.valid_to = (
                    Assessment.State.VALID,
                    rules.months_later(former.made_on, months),
                )
                former.save(update_fields=["state", "valid_to"])


def _house(actor: Any) -> Any:
    from yanglao.entitlement.assessment.casework import for_the_house

    return for_the_house(actor)


OLD_RESULTS = ImportTemplate(
    name="assessment.results",
    label=gettext_lazy("旧的能力评估结果"),  # type: ignore[arg-type]
    right=RIGHT,
    columns=[
        Column("姓名", "name", parse=text(50), required=True, synonyms=("老人姓名", "老年人姓名")),
        Column(
            "公民身份号码",
            "id_number",
            parse=resident_id(allow_test=settings.TEST_ID_NUMBERS),
            required=True,
            sensitive=True,
            synonyms=("身份证号", "身份证号码", "证件号码"),
            note=_("18 位，请把这一列设为文本格式"),
        ),
        Column(
            "量表",
            "scale",
            choices=_scales,
            required=True,
            synonyms=("评估标准", "评估量表", "标准号"),
            example="MZ/T 039-2013",
        ),
        Column(
            "等级", "level", parse=integer(0, 9), required=True, synonyms=("评估等级", "能力等级", "最终等级")
        ),
        Column(
            "评估日期", "made_on", parse=date(latest=dt.date.today), required=True, synonyms=("评估时间",)
        ),
        Column(
            "有效期至",
            "until",
            parse=date(),
            synonyms=("有效期", "有效期止"),
            note=_("最后有效的一天；不填按系统的有效期"),
        ),
        Column("总分", "total", parse=integer(0, 999), synonyms=("得分", "评估总分")),
        Column("评估机构", "body", parse=text(120), synonyms=("机构名称", "评估单位")),
    ],
    row_checks=(agrees,),
    unique=(("id_number", "scale", "made_on"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=100_000,
    instructions=(
        _("每行一次评估，等级按所用量表的数字填写；不同量表的等级不换算。"),
        _("档案里已有能力等级的日子不会被旧结果改动；没有登记的日子才补上。"),
    ),
    description=_("登记在本系统之前或之外作出的评估结果"),
)
