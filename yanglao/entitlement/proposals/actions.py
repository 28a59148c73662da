"""Every change of proposals: made by what changes in a file, and what the person said to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.applications import actions as applications
from yanglao.entitlement.assessment import actions as assessment
from yanglao.entitlement.catalogue import actions as catalogue
from yanglao.entitlement.catalogue import queries as lists
from yanglao.entitlement.catalogue.rules import State
from yanglao.entitlement.proposals import occasions, queries
from yanglao.entitlement.proposals.models import Proposal
from yanglao.entitlement.proposals.rules import is_news
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person


@dataclass(frozen=True)
class Answer:
    """What was answered: how he was told, who answered, and what shows it."""

    how: str
    said_by: str = ""
    relation: str = ""
    note: str = ""
    on: dt.date | None = None
    evidence: StoredFile | None = None
    reason: str = ""


def _at(arguments: dict[str, object]) -> tuple[int, ...]:
    person = arguments["person"]
    return person.scope_codes()  # type: ignore[attr-defined]


@action("proposals.propose", right="proposals.act", at=_at)
def propose(
    actor: Actor,
    person: Person,
    *,
    occasion: str,
    item_id: int | None = None,
    suggestion: str = "",
    need: int = 0,
    fact_on: dt.date | None = None,
) -> Proposal | None:
    """Propose an item or a suggestion, once; None when it is proposed, applied for, or the fact (since `fact_on`) led
    to it before."""
    today = timezone.localdate()
    fact = {occasion: (fact_on or today).isoformat()}
    if person.death_date or person.closed_on or person.restricted_on:
        return None
    if suggestion and not _is_news(person, suggestion, occasion, fact_on or today):
        return None
    if item_id is not None and queries.is_applied_for(person.pk, item_id):
        return None
    if (same := queries.is_told_otherwise(person.pk, item_id, suggestion)) is not None:
        _one_more_reason(same, fact)
        return None
    with everything("what was proposed to a person"):
        made, new = Proposal.objects.get_or_create(
            person=person,
            item_id=item_id,
            suggestion=suggestion,
            state=Proposal.State.OPEN,
            defaults={
                "division_id": person.residence_id or person.hukou_id,
                "occasion": occasion,
                "facts": fact,
                "need": need,
                "made_on": today,
            },
        )
    if not new:
        _one_more_reason(made, fact)
    note(occasion=occasion, suggestion=suggestion)
    return made if new else None


def _one_more_reason(row: Proposal, fact: dict[str, str]) -> None:
    """What waits to be told waits for another reason too."""
    (occasion,) = fact
    if occasion not in (row.occasion, *occasions.UNNAMED):
        row.facts = row.facts | fact
        row.save(update_fields=["facts"])


def _is_news(person: Person, suggestion: str, occasion: str, fact_on: dt.date) -> bool:
    return is_news(
        queries.earlier(person.pk, suggestion),
        occasion,
        fact_on,
        today=timezone.localdate(),
        quiet_days=occasions.rules().quiet_days,
    )


@action("proposals.settle", right="proposals.act", at=_at)
def settle(actor: Actor, person: Person, *, item_id: int, state: str, reason: str = "") -> int:
    """Close the open proposal of an item that was begun, refused or is due no longer elsewhere; returns how many."""
    with everything("what was proposed to a person"):
        rows = Proposal.objects.filter(person=person, item_id=item_id, state=Proposal.State.OPEN)
        done = rows.update(state=state, reason=reason, decided_on=timezone.localdate(), by=actor.name)
    note(state=state)
    return done


@action("proposals.lapse", right="proposals.act", at=_at)
def lapse(actor: Actor, person: Person, *, why: str) -> int:
    """Nothing is told to one who has died, or whose file is closed or part of another; returns how many."""
    with everything("what was proposed to a person"):
        rows = Proposal.objects.filter(person_id=person.pk, state=Proposal.State.OPEN)
        done = rows.update(
            state=Proposal.State.LAPSED, note=why, decided_on=timezone.localdate(), by=actor.name
        )
    note(why=why, rows=done)
    return done


@action("proposals.hand_on", right="proposals.act", at=_at)
def hand_on(actor: Actor, person: Person, *, to: int) -> int:
    """He has moved: what is not told yet is for the worker of his new place; returns how many."""
    with everything("what was proposed to a person"):
        rows = Proposal.objects.filter(person_id=person.pk, state=Proposal.State.OPEN)
        done = rows.exclude(division_id=to).update(division_id=to)
    note(rows=done)
    return done


@action("proposals.agree", right="proposals.act", at=lambda a: (a["proposal"].division_id,))
def agree(
    actor: Actor,
    proposal: Proposal,
    *,
    how: str,
    said_by: str = "",
    relation: str = "",
    note: str = "",
    on: dt.date | None = None,
    evidence: StoredFile | None = None,
) -> Proposal:
    """He, or who helps him, wants it; what follows begins at once.

    An item that a policy pays is granted from the application fact this is (免申即享); another is applied for; an
    assessment is requested. Raises ValidationError when it was answered already, or cannot begin.
    """
    answer = Answer(how, said_by, relation, note, on, evidence)
    row = _answered(actor, proposal, Proposal.State.AGREED, answer)
    helper = replace(actor, is_system=True)
    if row.item_id is None:
        _begin_suggestion(helper, row)
    else:
        _begin_item(helper, row, actor.name)
    return row


def _begin_item(actor: Actor, row: Proposal, by: str) -> None:
    """What a policy pays begins with the agreement itself; the rest is applied for, and checked."""
    item, day = row.item, row.decided_on or timezone.localdate()
    form = lists.form_of(item) if item else None
    if item is None or form is None:
        raise ValidationError(_("这个项目已不在现行清单里。"))
    if queries.assessing([item]):
        assessment.request(actor, person=row.person, by="staff", why="changed", changed=row.why)
        catalogue.accept(actor, row.person, item=item, on=day)
    elif form.fulfilled_by.policies:
        source = _("主动服务，%(who)s同意") % {"who": row.said_by}
        applications.begin(actor, row.person, item=item, on=day, source=source)
    else:
        said = applications.Said(by="staff", helper=by)
        applications.apply(actor, row.person, item=item, said=said, on=day)


def _begin_suggestion(actor: Actor, row: Proposal) -> None:
    """A visit is the worker's own; an assessment has a room."""
    if row.suggestion == Proposal.Suggestion.ASSESSMENT:
        assessment.request(actor, person=row.person, by="staff", why="changed", changed=row.why)


@action("proposals.refuse", right="proposals.act", at=lambda a: (a["proposal"].division_id,))
def refuse(
    actor: Actor,
    proposal: Proposal,
    *,
    reason: str,
    how: str,
    said_by: str = "",
    relation: str = "",
    note: str = "",
    on: dt.date | None = None,
    evidence: StoredFile | None = None,
) -> Proposal:
    """He does not want it: kept with the reason, and not proposed again. Raises ValidationError."""
    if reason not in Proposal.Reason.values:
        raise ValidationError({"reason": _("请写明不要的原因。")})
    if reason == Proposal.Reason.OTHER and not note.strip():
        raise ValidationError({"note": _("原因选“其他”的，请写明是什么。")})
    answer = Answer(how, said_by, relation, note, on, evidence, reason)
    row = _answered(actor, proposal, Proposal.State.REFUSED, answer)
    if row.item is not None:
        catalogue.refuse(
            replace(actor, is_system=True),
            row.person,
            item=row.item,
            reason=reason,
            on=row.decided_on,
            note=note,
        )
    return row


@action("proposals.reopen", right="proposals.act", at=lambda a: (a["proposal"].division_id,))
def reopen(actor: Actor, proposal: Proposal, *, note: str) -> Proposal:
    """The person changed his mind about what he had refused. Raises ValidationError."""
    if not note.strip():
        raise ValidationError({"note": _("请写明为什么重新办理。")})
    with everything("a proposal whose right was asked"):
        row = (
            Proposal.objects.select_for_update(of=("self",))
            .select_related("person", "item")
            .get(pk=proposal.pk)
        )
        if row.state != Proposal.State.REFUSED:
            raise ValidationError(_("只有本人不要的建议可以重新提出。"))
        again = Proposal.objects.filter(
            person=row.person, item=row.item, suggestion=row.suggestion, state=Proposal.State.OPEN
        )
        if again.exists():
            raise ValidationError(_("这项建议已经重新提出。"))
    stands = lists.state_of(row.person, row.item) if row.item else None
    if row.item and stands is not None and stands.label and stands.state == State.REFUSED:
        catalogue.reopen(replace(actor, is_system=True), row.person, item=row.item, note=note)
    with everything("what was proposed to a person"):
        made, _new = Proposal.objects.get_or_create(
            person=row.person,
            item=row.item,
            suggestion=row.suggestion,
            state=Proposal.State.OPEN,
            defaults={
                "division_id": row.division_id,
                "occasion": row.occasion,
                "need": row.need,
                "made_on": timezone.localdate(),
            },
        )
    return made


def _answered(actor: Actor, proposal: Proposal, state: str, answer: Answer) -> Proposal:
    day = answer.on or timezone.localdate()
    _sound(proposal, answer, day)
    with everything("a proposal whose right was asked"):
        row = (
            Proposal.objects.select_for_update(of=("self",))
            .select_related("person", "item")
            .get(pk=proposal.pk)
        )
    if row.state != Proposal.State.OPEN:
        raise ValidationError(_("这项建议已经答复：%(state)s。") % {"state": row.get_state_display()})
    row.state, row.how, row.reason, row.note = state, answer.how, answer.reason, answer.note.strip()
    row.said_by, row.relation = answer.said_by.strip() or row.person.name, answer.relation
    row.decided_on, row.by, row.evidence = day, actor.name, answer.evidence
    row.save()
    return row


def _sound(proposal: Proposal, answer: Answer, day: dt.date) -> None:
    if day > timezone.localdate() or day < proposal.made_on:
        raise ValidationError({"on": _("答复日期应在发现日期以后、今天以前。")})
    if answer.how not in Proposal.How.values:
        raise ValidationError({"how": _("请选择怎样告知的。")})
    if answer.relation not in ("", Proposal.Relation.SELF) and not answer.said_by.strip():
        raise ValidationError({"said_by": _("不是本人答复的，请写明答复人姓名。")})
