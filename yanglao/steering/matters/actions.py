"""Every change of matters: registering, money, and what their cases bring."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import working_days_between
from yanglao.kernel.cases.actions import open_case
from yanglao.kernel.scope import everything
from yanglao.steering.matters import queries
from yanglao.steering.matters.models import Matter, Movement
from yanglao.steering.matters.vocabulary import kinds

YEAR = dt.timedelta(days=366 * 3)


@action("matters.register", right="matters.edit", at=lambda a: (a["division"],))
def register(
    actor: Actor,
    *,
    kind: str,
    category: str,
    title: str,
    division: int,
    lead: str,
    due_on: dt.date,
    number: str = "",
    words: str = "",
    source: str = "",
    partners: str = "",
    planned_fen: int | None = None,
    origin: str = "",
) -> Matter:
    """Register a matter and open its case, whose first step has until `due_on`.

    `origin` names where it was taken over from, once only. Raises ValidationError for a category of another kind, a
    day that has passed, a number that stands already, or something taken over before.
    """
    found = kinds()[kind]
    if category not in found.categories:
        names = "、".join(str(word) for word in found.categories.values())
        raise ValidationError({"category": _("这一类的分类只有：%(names)s。") % {"names": names}})
    today = timezone.localdate()
    if not today <= due_on <= today + YEAR:
        raise ValidationError({"due_on": _("办理期限应在今天以后、三年以内。")})
    if planned_fen is not None and not found.money:
        raise ValidationError({"planned_fen": _("这一类事项不登记资金。")})
    with everything("a number is known once in its division, whoever registered it"):
        if origin and Matter.objects.filter(origin=origin).exists():
            raise ValidationError(_("“%(title)s”已经交办，不能再交一次。") % {"title": title})
        known = number and Matter.objects.filter(kind=kind, number=number, division_id=division).exists()
    if known:
        raise ValidationError({"number": _("%(number)s 已登记。") % {"number": number}})
    case = open_case(
        actor,
        found.process,
        title=f"{number} {title}".strip(),
        division=division,
        days=max(1, working_days_between(today, due_on)),
    )
    matter = Matter.objects.create(
        kind=kind,
        category=category,
        number=number,
        title=title,
        words=words,
        source=source,
        division_id=division,
        lead=lead,
        partners=partners,
        registered_on=today,
        due_on=due_on,
        planned_fen=planned_fen,
        origin=origin,
        case=case,
    )
    note(kind=kind, category=category, due_on=due_on.isoformat())
    return matter


@action("matters.move", right="matters.edit", at=lambda a: (a["matter"].division_id,))
def move(
    actor: Actor, *, matter: Matter, what: str, on: dt.date, fen: int, voucher: str, remark: str = ""
) -> Movement:
    """Record money that arrived or was spent; a negative amount takes back an earlier one.

    Raises ValidationError when the voucher stands already, or more would be spent than has arrived.
    """
    if not kinds()[matter.kind].money:
        raise ValidationError(_("这一类事项不登记资金。"))
    if on > timezone.localdate():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    if fen == 0:
        raise ValidationError({"fen": _("金额不能是 0；冲回请填负数。")})
    with everything("the matter for which the right was asked"):
        matter = Matter.objects.select_for_update().get(pk=matter.pk)
        if matter.movements.filter(what=what, voucher=voucher).exists():
            raise ValidationError({"voucher": _("凭证 %(number)s 已登记。") % {"number": voucher}})
        moved = Movement(
            matter=matter,
            division_id=matter.division_id,
            what=what,
            on=on,
            fen=fen,
            voucher=voucher,
            remark=remark,
            recorded_by=actor.name,
        )
        moved.save()
        account = queries.account(matter)
        if not 0 <= account.spent <= account.arrived:
            raise ValidationError(
                {
                    "fen": _("到位 %(arrived)s 元、支出 %(spent)s 元：支出不能多于到位，也不能小于零。")
                    % {"arrived": f"{account.arrived / 100:,.2f}", "spent": f"{account.spent / 100:,.2f}"}
                }
            )
    note(what=what, on=on.isoformat(), fen=fen)
    return moved


@action("matters.close", right="matters.view")
def follow(actor: Actor, *, case: Any) -> Matter | None:
    """Take over what became of a matter's case: closed with its result, or open again."""
    with everything("a matter follows its case"):
        matter = Matter.objects.filter(case=case).first()
        if matter is None:
            return None
        ended = case.state == case.State.ENDED
        matter.result = case.result if ended else ""
        matter.closed_on = timezone.localtime(case.ended_at).date() if ended else None
        matter.save(update_fields=["result", "closed_on"])
    note(result=matter.result)
    return matter
