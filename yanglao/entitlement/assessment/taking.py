"""Checks of what was sent, and the signatures under it. For the actions of this room only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import results, rules
from yanglao.entitlement.assessment.models import Assessment, Assessor, Assignment, Record, Signature
from yanglao.entitlement.assessment.scale_file import Scale
from yanglao.entitlement.assessment.terms import terms_for
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.models import StoredFile

MOST_TIMES = 99
AHEAD = dt.timedelta(minutes=10)  # a phone's clock may run a little fast


@dataclass(frozen=True)
class Given:
    """A signature as it was sent: whose, the name written, and the drawing if there is one."""

    assessor_id: int
    name: str = ""
    image: StoredFile | None = None


@dataclass(frozen=True)
class Picture:
    """A photo: of an item of the scale by its code, or "" of the whole."""

    file: StoredFile
    item: str = ""
    taken_at: dt.datetime | None = None


@dataclass(frozen=True)
class Sent:
    """What an assessor sent."""

    answers: dict[str, Any]
    diagnoses: list[str]
    events: dict[str, Any]
    made_at: dt.datetime
    sources: dict[str, Any]
    place: str = ""
    signatures: tuple[Given, ...] = field(default_factory=tuple)


class Refused(ValueError):
    """A record that cannot be used; the text says why and what to do. `problems`: item code → what is wrong."""

    def __init__(self, text: str, problems: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.problems: Mapping[str, str] = problems or {}


def assessor_of(assignment: Assignment, actor: Actor) -> Assessor | None:
    """Which of the assignment's assessors the actor is."""
    if actor.user_id is None:
        return None
    return next((a for a in assignment.assessors if a.user_id == actor.user_id), None)


def check(assignment: Assignment | None, me: Assessor | None, sent: Sent) -> None:
    """Raise Refused for what cannot be used."""
    if assignment is None:
        raise Refused(_("没有这项评估任务，可能已经撤销。请刷新任务清单；记录已保留。"))
    if me is None:
        raise Refused(_("这项评估没有分派给您。记录已保留，请与评估机构联系。"))
    if assignment.state == Assignment.State.CANCELLED:
        why = assignment.cancelled_why or _("未写原因")
        raise Refused(_("这项评估已取消（%(why)s）。记录已保留。") % {"why": why})
    _when(assignment, sent.made_at)
    whole(assignment.version.read, sent.answers, sent.diagnoses, sent.events)
    _signed(assignment, me, sent)


def _when(assignment: Assignment, made_at: dt.datetime) -> None:
    now = timezone.now()
    if made_at > now + AHEAD:
        raise Refused(_("评估时间晚于现在：请校准设备的日期和时间，再交一次。"))
    days = terms_for(assignment.division_id).late_days
    if made_at < now - dt.timedelta(days=days):
        raise Refused(_("评估已超过 %(days)d 天才交来，不能使用。记录已保留，请重新评估。") % {"days": days})
    day = timezone.localtime(made_at).date()
    if day < timezone.localtime(assignment.assigned_at).date():
        raise Refused(_("评估日期早于分派日期：请核对设备的日期。"))
    died = assignment.person.death_date
    if died is not None and day > died:
        raise Refused(_("档案中登记的死亡日期早于评估日期：请与街道核对。"))


def whole(scale: Scale, answers: Mapping[str, Any], diagnoses: list[str], events: Mapping[str, Any]) -> None:
    """Raise Refused unless everything is answered with what the scale knows."""
    try:
        rules.check(scale, answers)
    except rules.Incomplete as wrong:
        labels = {item.code: str(item) for item in scale.items()}
        problems = {code: _("没有回答") for code in wrong.missing}
        problems |= {code: _("没有这个选项") for code in wrong.wrong}
        problems |= {code: _("量表没有这一项") for code in wrong.unknown}
        named = "、".join(f"{code} {labels.get(code, '')}".strip() for code in problems)
        text = _("还有 %(n)d 项没有答好：%(items)s。") % {"n": len(problems), "items": named}
        raise Refused(text, problems) from None
    if any(not isinstance(value, int) or isinstance(value, bool) for value in answers.values()):
        raise Refused(_("答案不是分值，请更新页面后重交。"))
    known = {f.key for f in (*scale.conditions, *scale.diagnoses)}
    if strange := [key for key in diagnoses if key not in known]:
        raise Refused(_("量表没有这样的诊断或情形：%(keys)s。") % {"keys": "、".join(strange)})
    kinds = {f.key for f in scale.events.kinds} if scale.events else set()
    for key, times in events.items():
        if key not in kinds or not isinstance(times, int) or not 0 <= times <= MOST_TIMES:
            raise Refused(_("照护风险事件的次数不对：%(key)s。") % {"key": key})


def _signed(assignment: Assignment, me: Assessor, sent: Sent) -> None:
    given = {one.assessor_id: one for one in sent.signatures}
    mine = given.get(me.pk)
    if mine is None or not (mine.image or mine.name.strip()):
        raise Refused(_("没有您的签名：请签名后再交。"), {"signature": _("请签名")})
    if mine.name.strip() and mine.name.strip() != me.name:
        text = _("签名与您的姓名不符：请写“%(name)s”。") % {"name": me.name}
        raise Refused(text, {"signature": text})
    others = {a.pk: a for a in assignment.assessors}
    for key, one in given.items():
        if key not in others:
            raise Refused(_("签名的人不是这项评估的评估员。"))
        if key != me.pk and one.image is None:
            name = others[key].name
            raise Refused(_("%(name)s须当面手写签名，或用本人账号另行签名。") % {"name": name})


# --- two records ---------------------------------------------------------------------------------------------------


def agrees(stands: Assessment, sent: Sent) -> bool:
    """Whether a record says what the assessment says."""
    return (
        stands.answers == sent.answers
        and sorted(stands.diagnoses) == sorted(sent.diagnoses)
        and stands.events == {k: n for k, n in sent.events.items() if n}
    )


def differences(stands: Assessment, sent: Sent) -> str:
    """In words, in what a record differs."""
    labels = {item.code: str(item) for item in stands.version.read.items()}
    differ = [code for code in labels if stands.answers.get(code) != sent.answers.get(code)]
    named = "、".join(f"{code} {labels[code]}" for code in differ[:6])
    more = _("等") if len(differ) > 6 else ""
    if not differ:
        named = _("疾病诊断、情形或照护风险事件")
    if stands.signed_at is not None:
        return _("这项评估已由两名评估员签名，您交的与它不一致（%(items)s%(more)s）。两份都已保留。") % {
            "items": named,
            "more": more,
        }
    return _("与另一名评估员的记录不一致（%(items)s%(more)s）。两份都已保留，请两人核定。") % {
        "items": named,
        "more": more,
    }


def open_conflicts(assignment: Assignment) -> QuerySet[Record]:
    """Records of an assignment that differ and are not settled."""
    return Record._base_manager.filter(
        assignment=assignment, state=Record.State.CONFLICT, settled_at=None
    ).order_by("pk")


# --- signatures ----------------------------------------------------------------------------------------------------


def put_signature(
    assessment: Assessment, given: Given, *, account: int | None, how: str | None = None
) -> None:
    """Keep a signature unless he has signed. `account`: the account under which he himself gave it."""
    if assessment.signed_at is not None or assessment.signatures.filter(assessor=given.assessor_id).exists():
        return
    one = Assessor._base_manager.get(pk=given.assessor_id)
    drawn = Signature.How.DRAWN if given.image else Signature.How.TYPED
    Signature.objects.create(
        assessment=assessment,
        assessor=one,
        how=how or drawn,
        name=one.name,
        image=given.image,
        account_id=account,
        at=timezone.now(),
    )


def finish_if_signed(actor: Actor, assessment: Assessment) -> str:
    """Make it valid once everybody has signed; what is said to the sender."""
    if assessment.signed_at is not None:
        return _("已收下，与已签名的评估一致。")
    signed = set(assessment.signatures.values_list("assessor_id", flat=True))
    missing = [a for a in (assessment.first, assessment.second) if a is not None and a.pk not in signed]
    if missing:
        return _("已收下，等%(name)s签名。") % {"name": "、".join(a.name for a in missing)}
    results.finish(actor, assessment)
    return _("已收下，签名齐全：%(level)s。") % {"level": assessment.level_words}
