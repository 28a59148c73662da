"""The look-ahead list: kept up to date, and what the person or his helper said to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.corrections.ahead import Coming
from yanglao.entitlement.corrections.models import Prospect
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.models import PayAccount, Person

State = Prospect.State


@action("corrections.look_ahead", right="corrections.run", at=lambda a: (a["division"],))
def look_ahead(actor: Actor, *, division: int, coming: Iterable[Coming]) -> int:
    """Bring the list of a division up to date; returns how many are new. What was said stays said."""
    span, new = Span.of(division), 0
    with everything("the look-ahead list of a division"):
        rows = Prospect.objects.filter(division__gte=span.lo, division__lte=span.hi)
        known = {(p.person_id, p.policy, p.kind, p.month): p for p in rows.order_by("pk")}
        for each in coming:
            old = known.pop((each.person_id, each.policy, each.kind, each.month), None)
            new += old is None
            _put(old, each)
        open_ = [p.pk for p in known.values() if p.state in (State.OPEN, State.NO_ACCOUNT) and _ahead(p)]
        Prospect.objects.filter(pk__in=open_[:5000]).update(state=State.GONE)
        _accounts(division)
    note(new=new, gone=len(open_))
    return new


def _ahead(prospect: Prospect) -> bool:
    today = timezone.localdate()
    return prospect.month > today.year * 100 + today.month


def _put(old: Prospect | None, each: Coming) -> None:
    values = {
        "on": each.on,
        "age": each.age,
        "before_fen": each.before_fen,
        "after_fen": each.after_fen,
        "applies": each.applies,
        "division_id": each.place,
    }
    if old is None:
        Prospect.objects.create(
            person_id=each.person_id, policy=each.policy, kind=each.kind, month=each.month, **values
        )
    elif old.state in (State.OPEN, State.GONE):
        Prospect.objects.filter(pk=old.pk).update(state=State.OPEN, **values)


def _accounts(division: int) -> None:
    """Who has an account by now waits for nothing more."""
    span = Span.of(division)
    waiting = Prospect.objects.filter(division__gte=span.lo, division__lte=span.hi, state=State.NO_ACCOUNT)
    have = PayAccount.objects.filter(
        valid_to=None, person__in=list(waiting.values_list("person_id", flat=True))
    )
    waiting.filter(person_id__in=list(have.values_list("person_id", flat=True))).update(state=State.CONFIRMED)


@action("corrections.confirm", right="corrections.confirm")
def confirm(
    actor: Actor, prospect: Prospect, *, outcome: str, said_by: str, helper: bool = False, remark: str = ""
) -> Prospect:
    """What the person, or his helper, said: yes, no, or yes without an account.

    Yes records his application where the policy asks for one. Who has no account stays on the list until he has.
    Raises ValidationError.
    """
    if outcome not in (State.CONFIRMED, State.REFUSED, State.NO_ACCOUNT):
        raise ValidationError({"outcome": _("请选择本人意见。")})
    if not said_by.strip():
        raise ValidationError({"said_by": _("请填写是谁确认的：老人本人，或代办人。")})
    if outcome == State.REFUSED and not remark.strip():
        raise ValidationError({"remark": _("放弃享受的，请写明理由。")})
    with everything("the prospect an action holds"):
        prospect = Prospect.objects.select_for_update().get(pk=prospect.pk)
        person = Person.objects.filter(pk=prospect.person_id).first()
    if prospect.kind == Prospect.Kind.ENDS:
        raise ValidationError(_("将停发的只需告知，不需要确认。"))
    if prospect.state not in (State.OPEN, State.NO_ACCOUNT, State.REFUSED):
        raise ValidationError(_("这一条已经办理过：请刷新页面查看。"))
    if person is None:
        raise ValidationError(_("此人的档案已并入别的档案：请在那份档案中办理。"))
    if outcome != State.REFUSED and prospect.applies:
        _apply(actor, person, prospect, said_by)
    if outcome == State.CONFIRMED and not _has_account(person):
        outcome = State.NO_ACCOUNT
    return _settle(
        actor, prospect, outcome, said_by=said_by.strip()[:60], helper=helper, remark=remark.strip()[:400]
    )


def _apply(actor: Actor, person: Person, prospect: Prospect, said_by: str) -> None:
    """His application, as a fact of his file, once for each kind of benefit the policy looks at."""
    for value in application_of(prospect):
        people.record(
            actor,
            person,
            kind="allowance_application",
            value=value,
            valid_from=timezone.localdate(),
            source=_("免申即享确认（%(who)s）") % {"who": said_by.strip()[:40]},
        )


def application_of(prospect: Prospect) -> list[str]:
    """The applications a policy looks at: its facts are the days of these."""
    from yanglao.entitlement.benefits.offered.queries import book_of
    from yanglao.registers.people.facts import APPLICATIONS

    policy = next((p for p in book_of(prospect.division_id).policies if p.id == prospect.policy), None)
    if policy is None:
        raise ValidationError(_("这项政策已不在城市的政策文件里：请联系市级民政部门。"))
    said = " ".join(f"{clause.text} {clause.id}" for clause in policy.clauses) + policy.text
    return [value for value, fact, *_labels in APPLICATIONS if re.search(rf"\b{fact}\b", said)]


def _has_account(person: Person) -> bool:
    with everything("whether an account is known"):
        return PayAccount.objects.filter(person=person, valid_to=None).exists()


@action("corrections.tell", right="corrections.confirm")
def tell(actor: Actor, prospect: Prospect, *, remark: str = "") -> Prospect:
    """He, or his family, was told that his benefit will end. Raises ValidationError."""
    with everything("the prospect an action holds"):
        prospect = Prospect.objects.select_for_update().get(pk=prospect.pk)
    if prospect.kind != Prospect.Kind.ENDS or prospect.state != State.OPEN:
        raise ValidationError(_("这一条已经办理过，或不需要告知：请刷新页面查看。"))
    return _settle(actor, prospect, State.NOTED, remark=remark.strip()[:400])


def _settle(actor: Actor, prospect: Prospect, state: str, **values: object) -> Prospect:
    prospect.state, prospect.settled_by, prospect.settled_at = state, actor.name, timezone.now()
    for name, value in values.items():
        setattr(prospect, name, value)
    with everything("the prospect an action holds"):
        prospect.save()
    note(outcome=state, policy=prospect.policy)
    return prospect
