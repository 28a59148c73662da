"""Before someone moves in: application, assessment, waiting, a bed kept for him."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.stays import checks, persons
from yanglao.registers.stays.models import Bed, Offer, Stay
from yanglao.registers.stays.rules import rank
from yanglao.registers.stays.vocabulary import vocabulary

State = Stay.State
BEFORE = Stay.BEFORE


@action("stays.apply", right="stays.admit", at=lambda a: (a["place"],))
def apply(
    actor: Actor,
    place: Any,
    *,
    name: str,
    id_number: str,
    applied_on: dt.date,
    hukou: int | None = None,
    phone: str = "",
    kind: str = "long",
    payer: str = "self",
    bed_kind: str = "",
    level: str = "",
    remark: str = "",
) -> Stay:
    """An application for a place. The person is looked up by resident id; without a file one is opened.

    Raises ValidationError.
    """
    words = vocabulary()
    checks.not_after_today(applied_on, "applied_on")
    checks.listed(words.stay_kinds, kind, "kind")
    checks.listed(words.payers, payer, "payer")
    checks.level(level)
    if bed_kind:
        checks.listed(words.bed_kinds, bed_kind, "bed_kind")
    person = persons.find_or_add(actor, name=name, id_number=id_number, hukou=hukou, phone=phone)
    given = {"kind": kind, "payer": payer, "bed_kind": bed_kind, "level": level, "note": remark.strip()}
    return open_stay(place, person, applied_on=applied_on, **given)


def open_stay(place: Any, person: Any, **given: Any) -> Stay:
    """The application of a known person, ranked. Raises ValidationError when he has one here already."""
    with everything("one application per person and place"):
        mine = Stay.objects.filter(person=person, place=place)
        if mine.filter(state__in=[*BEFORE, State.ADMITTED]).exists():
            raise ValidationError(
                {"id_number": _("他在本机构已有申请或正在入住：请在名单中打开他的记录继续办理。")}
            )
    stay = Stay(place=place, person=person, **given)
    stay.rank, stay.rank_rule = _rank_of(person.pk)
    stay.clean_fields(exclude=["place", "person", "former"])
    stay.save()
    return stay


def _rank_of(person_id: int) -> tuple[int, str]:
    facts = persons.facts_of([person_id], timezone.localdate())
    return rank(vocabulary().waiting_rules, facts.get(person_id, {}))


@action("stays.assess", right="stays.admit")
def assess(actor: Actor, stay: Stay, *, on: dt.date, level: str) -> Stay:
    """The home has looked at him: which level of care he needs. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, *BEFORE)
    stay.assessed_on = checks.not_after_today(on, "on")
    stay.level = checks.listed(vocabulary().care_levels, level, "level")
    stay.save()
    return stay


@action("stays.wait", right="stays.admit")
def wait(actor: Actor, stay: Stay) -> Stay:
    """Onto the waiting list. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, State.APPLIED)
    stay.state = State.WAITING
    stay.rank, stay.rank_rule = _rank_of(stay.person_id)
    stay.save()
    return stay


@action("stays.offer", right="stays.admit")
def offer(actor: Actor, stay: Stay, *, bed: Bed, until: dt.date) -> Offer:
    """Keep a bed for one who waits, up to and including the day `until`. Raises ValidationError."""
    today = timezone.localdate()
    if until < today:
        raise ValidationError({"until": _("保留期限已经过去：请填写今天或以后的日期。")})
    bed = checks.locked_bed(bed)
    checks.of_the_place(bed, stay)
    expire_of(bed)
    checks.locked_stay(stay)
    checks.state(stay, State.APPLIED, State.WAITING)
    checks.in_use(bed, today)
    checks.free(bed, today, besides=stay.pk)
    checks.fits(stay.person, bed)
    with checks.once():
        made = Offer.objects.create(stay=stay, bed=bed, offered_on=today, until=until)
    stay.state = State.RESERVED
    stay.save()
    note(bed=bed.pk, until=until.isoformat())
    return made


@action("stays.answer", right="stays.admit")
def answer(actor: Actor, offer: Offer, *, accept: bool, reason: str = "") -> Offer:
    """What he said to a bed that was kept for him; after a refusal he waits on, and it is remembered."""
    stay = offer.stay
    checks.locked_stay(stay)
    with everything("the offer an action holds"):
        offer.refresh_from_db()
    if offer.answer != Offer.Answer.OPEN:
        raise ValidationError(_("这次预留已经是“%(state)s”。") % {"state": offer.get_answer_display()})
    offer.answer = Offer.Answer.ACCEPTED if accept else Offer.Answer.REFUSED
    offer.reason = "" if accept else checks.reason(reason)
    offer.answered_on = timezone.localdate()
    offer.save()
    if not accept:
        stay.state = State.WAITING
        stay.save()
    return offer


@action("stays.withdraw", right="stays.admit")
def withdraw(actor: Actor, stay: Stay, *, reason: str) -> Stay:
    """He does not come, or is not taken: the application ends. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, *BEFORE)
    release(stay, Offer.Answer.CANCELLED)
    stay.state, stay.note = State.WITHDRAWN, checks.reason(reason)
    stay.save()
    return stay


def release(stay: Stay, answer: str) -> None:
    """End the keeping of a bed for a stay."""
    with everything("the stay an action holds"):
        held = Offer.objects.filter(stay=stay, answer__in=Offer.HOLDS)
        held.update(answer=answer, answered_on=timezone.localdate())


def expire_of(bed: Bed) -> None:
    """Keepings of a bed whose last day has passed hold it no longer."""
    with everything("the bed an action holds"):
        over = Offer.objects.filter(bed=bed, answer__in=Offer.HOLDS, until__lt=timezone.localdate())
        _expire(list(over.order_by("pk")))


def _expire(offers: list[Offer]) -> None:
    if not offers:
        return
    over = Offer.objects.filter(pk__in=[o.pk for o in offers])
    over.update(answer=Offer.Answer.EXPIRED, answered_on=timezone.localdate())
    reserved = Stay.objects.filter(pk__in=[o.stay_id for o in offers], state=State.RESERVED)
    reserved.update(state=State.WAITING, updated_at=timezone.now())


@action("stays.expire", right="stays.admit", at=lambda a: ())
def expire(actor: Actor) -> int:
    """Once a day, as a job: keepings whose last day has passed end, those persons wait on. Returns how many."""
    with everything("keepings of all places"):
        today = timezone.localdate()
        over = list(Offer.objects.filter(answer__in=Offer.HOLDS, until__lt=today).order_by("pk"))
        _expire(over)
    note(expired=len(over))
    return len(over)


@action("stays.rank", right="stays.admit", at=lambda a: ())
def rank_again(actor: Actor, *, person_ids: list[int] | None = None) -> int:
    """Rank those who wait (all, or some persons') by their circumstances of today. Returns how many changed."""
    with everything("the waiting lists of all places"):
        waiting = Stay.objects.filter(state__in=BEFORE).order_by("pk")
        rows = list(waiting if person_ids is None else waiting.filter(person_id__in=person_ids))
        facts = persons.facts_of({stay.person_id for stay in rows}, timezone.localdate())
        changed = 0
        for stay in rows:
            found = rank(vocabulary().waiting_rules, facts.get(stay.person_id, {}))
            if found != (stay.rank, stay.rank_rule):
                Stay.objects.filter(pk=stay.pk).update(rank=found[0], rank_rule=found[1])
                changed += 1
    note(changed=changed)
    return changed
