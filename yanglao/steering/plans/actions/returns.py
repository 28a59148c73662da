"""A unit's monthly return: filled in, parts of it handed to colleagues, submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import User
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import everything
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.indicators.queries import computed_denominator
from yanglao.steering.indicators.rules import Amount, counting_date, month_start
from yanglao.steering.plans import queries
from yanglao.steering.plans.checking import refuse_falls, refuse_impossible
from yanglao.steering.plans.models import Plan, Return, ReturnFile, ReturnLine, ReturnPart, Target

Pair = tuple[Decimal, Decimal | None]
Numbers = Mapping[str, Pair]
MOST_FILES = 20


@action("plans.fill", right="plans.report", at=lambda a: (a["division"],))
def fill(
    actor: Actor,
    *,
    plan: Plan,
    division: int,
    month: date,
    numbers: Numbers,
    remark: str = "",
    submit: bool = False,
    department: str = "",
    remarks: Mapping[str, str] | None = None,
    correction: str = "",
) -> Return:
    """Save a unit's return of a month, or submit it. Numbers are by target key: value or numerator, denominator.

    A submitted return is locked; filling in again makes the next version, which counts once submitted; after it
    was accepted this needs a `correction`, the reason. `remarks` are said to single numbers.
    Raises ValidationError for a month outside the plan, a unit that is not asked, a number that cannot be, a
    cumulative number that falls without a word, or parts that colleagues have not answered.
    """
    asked = _asked(actor, plan, division, department, numbers)
    report = _current_draft(actor, plan, division, month, department)
    report.note, report.filled_by = remark, actor.name
    report.correction = correction.strip() or report.correction
    _write_lines(report, asked, numbers, remarks or {})
    report.save()
    note(
        plan=plan.slug,
        month=f"{report.month:%Y-%m}",
        version=report.version,
        lines=len(numbers),
        submitted=submit,
    )
    if submit:
        _submit(actor, report, asked)
    return report


def _asked(actor: Actor, plan: Plan, division: int, department: str, numbers: Numbers) -> dict[str, Target]:
    if not queries.may_report(actor, plan, division, department):
        raise Forbidden(_("这一份月报由别的单位填报。"))
    asked = {target.key: target for target in queries.asked(plan, division, department)}
    strangers = sorted(numbers.keys() - asked.keys())
    if strangers:
        raise ValidationError(_("本单位不填报这些目标：%(names)s") % {"names": "、".join(strangers)})
    return asked


def _current_draft(actor: Actor, plan: Plan, division: int, month: date, department: str) -> Return:
    """The draft of a month, or the next version's, with the evidence of the one before."""
    month, today = month_start(month), timezone.localdate()
    if not month_start(plan.start) <= month <= min(plan.end, today):
        raise ValidationError(_("%(month)s 不在计划期内或尚未开始，不能填报。") % {"month": f"{month:%Y-%m}"})
    with everything("the latest version decides the next one's number"):
        last = queries.latest_return(plan, division, month, department=department)
        if last is not None and last.state == Return.DRAFT:
            last.as_of = counting_date(month, today)
            return last
        draft = Return.objects.create(
            plan=plan,
            division_id=division,
            department=department,
            month=month,
            version=last.version + 1 if last else 1,
            as_of=counting_date(month, today),
            filled_by=actor.name,
        )
        if last is not None:
            ReturnFile.objects.bulk_create(
                ReturnFile(report=draft, target=kept.target, file=kept.file, added_by=kept.added_by)
                for kept in last.files.order_by("pk")
            )
    return draft


def _write_lines(
    report: Return, asked: Mapping[str, Target], numbers: Numbers, remarks: Mapping[str, str]
) -> None:
    rows = []
    for key, pair in numbers.items():
        above, below = _known(asked[key], report, pair)
        refuse_impossible(asked[key], above, below)
        remark = remarks.get(key, "").strip()[:200]
        rows.append(
            ReturnLine(report=report, target=asked[key], numerator=above, denominator=below, remark=remark)
        )
    report.lines.all().delete()
    ReturnLine.objects.bulk_create(rows)


def _known(target: Target, report: Return, pair: Pair) -> Pair:
    """The pair with the denominator a register knows, if one does: what is known is not typed."""
    if not target.indicator.denominator:
        return pair
    below = computed_denominator(target.indicator, report.division_id, report.as_of)
    return pair if below is None else (pair[0], Decimal(int(below)))


def _submit(actor: Actor, report: Return, asked: Mapping[str, Target]) -> None:
    with everything("the last versions decide what a submission must say"):
        before = queries.earlier_return(report.plan, report.division_id, report.month, report.department)
        counted = _counted_before(report)
        open_parts = [part for part in queries.parts_of(report).values() if part.done_at is None]
    if open_parts:
        names = "、".join(f"{part.target.name}（{part.holder.name}）" for part in open_parts)
        raise ValidationError(_("交办的部分还没有填好：%(names)s。请催办或收回后再上报。") % {"names": names})
    if counted is not None and counted.state == Return.ACCEPTED and not report.correction:
        raise ValidationError({"correction": _("上一版已审核通过，更正要写明原因。")})
    refuse_falls(report, queries.numbers_of(before), asked, queries.remarks_of(report))
    report.state, report.submitted_at, report.submitted_by_id = (
        Return.SUBMITTED,
        timezone.now(),
        actor.user_id,
    )
    report.save()
    if counted is not None:
        dropped = queries.numbers_of(counted).keys() - queries.numbers_of(report).keys()
        take_out(actor, report, [asked[key].indicator.code for key in dropped if key in asked])
    hand_on(actor, report, asked)


def _counted_before(report: Return) -> Return | None:
    found = queries.versions(report.plan, report.division_id, report.month, report.department)
    return found.filter(state__in=Return.COUNTED).exclude(pk=report.pk).first()


def hand_on(actor: Actor, report: Return, asked: Mapping[str, Target]) -> None:
    """Let a return's numbers count: the unit's own and the plan's total."""
    lines = list(report.lines.select_related("target__indicator").order_by("id"))
    indicators.record(
        actor,
        division=report.division_id,
        month=report.month,
        as_of=report.as_of,
        amounts={line.target.indicator.code: Amount.of(line.numerator, line.denominator) for line in lines},
        total=report.plan.division_id,
        units=units_by_code(report.plan, asked),
    )


def take_out(actor: Actor, report: Return, codes: Sequence[str]) -> None:
    """Numbers of a return that no longer count, out of the unit's values and the plan's total."""
    if codes:
        asked = {t.key: t for t in queries.asked(report.plan, report.division_id, report.department)}
        indicators.retract(
            actor,
            division=report.division_id,
            month=report.month,
            codes=codes,
            total=report.plan.division_id,
            units=units_by_code(report.plan, asked),
        )


def units_by_code(plan: Plan, asked: Mapping[str, Target]) -> dict[str, list[int]]:
    """The divisions that report each indicator."""
    known = queries.units(plan)
    return {t.indicator.code: queries.units_of(plan, t, known) for t in asked.values()}


@action("plans.hand_over", right="plans.report", at=lambda a: (a["division"],))
def hand_over(
    actor: Actor,
    *,
    plan: Plan,
    division: int,
    month: date,
    keys: Sequence[str],
    to: User,
    department: str = "",
) -> Return:
    """Hand a part of a unit's return to a colleague of the same office (分办): he finds it on his desk.

    Raises ValidationError when the return is submitted, or the colleague may not report there.
    """
    asked = _asked(actor, plan, division, department, {key: (Decimal(0), None) for key in keys})
    if not keys:
        raise ValidationError(_("请先勾选要交办的目标。"))
    if not queries.colleagues(actor, plan, division).filter(pk=to.pk).exists():
        raise ValidationError(_("%(name)s不在本单位任职或没有填报权限，不能交办。") % {"name": to.name})
    report = _prefilled(actor, plan, division, month, department)
    for key in keys:
        ReturnPart.objects.update_or_create(
            report=report,
            target=asked[key],
            defaults={"holder": to, "given_by": actor.name, "done_at": None},
        )
    note(plan=plan.slug, month=f"{report.month:%Y-%m}", parts=len(keys))
    return report


@action("plans.take_back", right="plans.report", at=lambda a: (a["part"].report.division_id,))
def take_back(actor: Actor, *, part: ReturnPart) -> None:
    """Take a part back from a colleague (收回)."""
    if part.report.locked:
        raise ValidationError(_("月报已上报，分办不能再收回。"))
    note(month=f"{part.report.month:%Y-%m}", target=part.target.key)
    part.delete()


@action("plans.answer_part", right="plans.report", at=lambda a: (a["report"].division_id,))
def answer_part(
    actor: Actor, *, report: Return, numbers: Numbers, remarks: Mapping[str, str] | None = None
) -> Return:
    """The colleague's answer to what was handed to him; other lines of the draft stay.

    Raises ValidationError for a target that is not in his hands, or a submitted return.
    """
    mine = {k: p for k, p in queries.parts_of(report).items() if p.holder_id == actor.user_id}
    if report.locked:
        raise ValidationError(_("月报已上报并锁定，不能再填。"))
    if strangers := sorted(numbers.keys() - mine.keys()):
        raise ValidationError(_("这些目标没有交办给您：%(names)s") % {"names": "、".join(strangers)})
    for key, part in mine.items():
        report.lines.filter(target=part.target).delete()
        if key in numbers:
            above, below = _known(part.target, report, numbers[key])
            refuse_impossible(part.target, above, below)
            report.lines.create(
                target=part.target,
                numerator=above,
                denominator=below,
                remark=(remarks or {}).get(key, "")[:200],
            )
    report.parts.filter(holder_id=actor.user_id).update(done_at=timezone.now())
    note(month=f"{report.month:%Y-%m}", lines=len(numbers))
    return report


def _prefilled(actor: Actor, plan: Plan, division: int, month: date, department: str) -> Return:
    """The draft; a new one begins with what is known from the version or the month before."""
    numbers = queries.last_numbers(plan, division, month, department)
    report = _current_draft(actor, plan, division, month, department)
    if not report.lines.exists():
        asked = {target.key: target for target in queries.asked(plan, division, department)}
        _write_lines(report, asked, {k: v for k, v in numbers.items() if k in asked}, {})
    return report


@action("plans.attach", right="plans.report", at=lambda a: (a["division"],))
def attach(
    actor: Actor,
    *,
    plan: Plan,
    division: int,
    month: date,
    name: str,
    stream: IO[bytes],
    key: str = "",
    department: str = "",
) -> ReturnFile:
    """Add evidence (佐证材料) to a unit's draft, for one target or for all. Raises FileRefused for a wrong file."""
    asked = _asked(actor, plan, division, department, {key: (Decimal(0), None)} if key else {})
    report = _prefilled(actor, plan, division, month, department)
    if report.files.count() >= MOST_FILES:
        raise ValidationError(_("每份月报最多 %(n)s 个佐证材料，请合并后上传。") % {"n": MOST_FILES})
    stored = store(actor, name, stream, kind="document", division=division)
    note(plan=plan.slug, month=f"{report.month:%Y-%m}", target=key)
    return ReturnFile.objects.create(report=report, target=asked.get(key), file=stored, added_by=actor.name)


@action("plans.detach", right="plans.report", at=lambda a: (a["evidence"].report.division_id,))
def detach(actor: Actor, *, evidence: ReturnFile) -> None:
    """Take evidence out of a draft. Raises ValidationError when the return is submitted."""
    if evidence.report.locked:
        raise ValidationError(_("月报已上报并锁定，佐证材料不能再删。"))
    note(month=f"{evidence.report.month:%Y-%m}")
    evidence.delete()
