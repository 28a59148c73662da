"""Every change of applications: applying, matching with the register, what the case's steps bring, satisfaction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.applications import queries
from yanglao.entitlement.applications.models import Application, Rating
from yanglao.entitlement.applications.office import for_the_register
from yanglao.entitlement.catalogue import actions as catalogue
from yanglao.entitlement.catalogue import queries as lists
from yanglao.entitlement.catalogue.queries import Item
from yanglao.entitlement.catalogue.rules import State
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases.actions import Applicant, open_case
from yanglao.kernel.cases.models import Case
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.facts import APPLICATIONS
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import by_id_number

GRANTED = "granted"
ID_PATH = "applications.application.id_number"


@dataclass(frozen=True)
class Said:
    """Who applies, and what he says: `by` one of `Application.By`, `answers` kind of circumstance → value."""

    by: str = Application.By.SELF
    helper: str = ""
    relation: str = ""
    phone: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Stranger:
    """One who applies without an account, as he names himself."""

    name: str
    id_number: str
    phone: str


def _place(person: Person, item: Item) -> int:
    """Where an application is dealt with: by residence or by hukou as the item says, within the item's city."""
    first, second = person.residence_id, person.hukou_id
    if item.by_place == "hukou":
        first, second = second, first
    return next(code for code in (first, second) if code)


def _at(arguments: Mapping[str, Any]) -> tuple[int, ...]:
    """Whoever serves him where he lives or where he is registered may apply for him; the case is that of `_place`."""
    codes: tuple[int, ...] = arguments["person"].scope_codes()
    return codes


@action("applications.apply", right="applications.apply", at=_at)
def apply(
    actor: Actor,
    person: Person,
    *,
    item: Item,
    said: Said,
    answers: Mapping[str, str] | None = None,
    contact: Mapping[str, str] | None = None,
    on: dt.date | None = None,
) -> Application:
    """Apply for a person, and record what he answered. Opens the case; the receipt is the case's.

    Raises ValidationError for a closed file, an item decided elsewhere, one he has, or one that is applied for already.
    """
    day = on or timezone.localdate()
    _sound(person, item, said, day)
    if answers or contact:
        source = _("申请时说明（%(who)s）") % {"who": Application.By(said.by).label}
        people.answer_questions(
            for_the_register(actor), person, answers=answers or {}, contact=contact, on=day, source=source
        )
    made = _opened(
        actor,
        item,
        _place(person, item),
        said,
        name=person.name,
        person=person,
        on=day,
        answers=answers or {},
    )
    _on_its_way(made)
    note(item=item.key, by=said.by)
    return made


def _on_its_way(application: Application) -> None:
    """One who is entitled and applies is 办理中 in the list until the end; a refusal of his before is taken back by it."""
    person, item, number = application.person, application.item, application.case.number
    stands = lists.state_of(person, item) if person else None
    if stands is None or person is None:
        return
    system = Actor.system("applications")
    if stands.state == State.REFUSED:
        catalogue.reopen(system, person, item=item, note=number)
    if stands.state in (State.ENTITLED, State.OFFERED, State.REFUSED):
        catalogue.accept(system, person, item=item, note=number)


def _given_up(application: Application) -> None:
    """What its application alone put 办理中 is due and not there again 应享未办, when it ends without a grant."""
    person, item, number = application.person, application.item, application.case.number
    stands = lists.state_of(person, item) if person else None
    if stands is None or person is None or stands.state != State.ACCEPTED or stands.via != "hand":
        return
    if stands.decision is not None and stands.decision.note == number:
        catalogue.reopen(Actor.system("applications"), person, item=item, note=number)


@action("applications.apply_online", right="applications.apply", at=lambda a: (a["division"],))
def apply_online(
    actor: Actor, *, item: Item, division: int, stranger: Stranger, said: Said, answers: Mapping[str, str]
) -> Application:
    """Apply without an account. Whether the register knows him is never told; staff match him, or enter him.

    One whom id number and name fit exactly is matched at once. Applied for already: the same application again.
    """
    with everything("an application without an account"):
        found = by_id_number(Person.objects.all(), stranger.id_number).filter(name=stranger.name).first()
        index = blind_index(ID_PATH, stranger.id_number)
        again = Application.objects.filter(id_number_hash=index, item=item, closed_on=None).first()
        if again is None and found is not None:
            again = Application.objects.filter(person=found, item=item, closed_on=None).first()
    if again is not None and again.online:
        return again
    person = (
        found if again is None else None
    )  # one open application a person and item: staff see that it is double
    made = _opened(
        actor,
        item,
        division,
        replace(said, phone=stranger.phone),
        name=stranger.name,
        person=person,
        on=timezone.localdate(),
        answers=answers,
        id_number=stranger.id_number,
        online=True,
    )
    _on_its_way(made)
    note(item=item.key, by=said.by)
    return made


def _sound(person: Person, item: Item, said: Said, day: dt.date) -> None:
    if person.death_date or person.closed_on:
        raise ValidationError(_("档案已登记死亡或已关闭，不能再申请。"))
    if day > timezone.localdate():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    if said.by != Application.By.SELF and not said.helper.strip():
        raise ValidationError({"helper": _("不是本人申请的，请写明代办人。")})
    stands = lists.state_of(person, item)
    if stands is None:
        raise ValidationError(_("“%(item)s”不在这位老人所在城市的现行清单里。") % {"item": item})
    if stands.elsewhere:
        raise ValidationError(
            _("“%(item)s”由%(unit)s办理：%(how)s。")
            % {"item": item, "unit": stands.form.unit, "how": stands.form.how}
        )
    if stands.state == State.RECEIVED:
        raise ValidationError(_("“%(item)s”已经享受，不用再申请。") % {"item": item})
    if (again := queries.open_of(person, item)) is not None:
        raise ValidationError(
            _("“%(item)s”已在办理：编号 %(number)s。") % {"item": item, "number": again.case.number}
        )


def _opened(
    actor: Actor,
    item: Item,
    division: int,
    said: Said,
    *,
    name: str,
    person: Person | None,
    on: dt.date,
    answers: Mapping[str, str],
    id_number: str = "",
    online: bool = False,
) -> Application:
    case = open_case(
        replace(actor, is_system=True),
        queries.PROCESS,
        title=_("%(item)s申请：%(name)s") % {"item": item.title, "name": name},
        division=division,
        subject=("people.person", person.pk) if person else None,
        applicant=Applicant(said.helper or name, said.phone),
    )
    try:
        with transaction.atomic():
            return Application.objects.create(
                person=person,
                item=item,
                division_id=division,
                by=said.by,
                helper=said.helper.strip(),
                relation=said.relation.strip(),
                name=name,
                id_number=id_number or None,
                phone=said.phone or None,
                answers=dict(answers),
                remark=said.remark.strip(),
                online=online,
                applied_on=on,
                case=case,
            )
    except IntegrityError as error:  # somebody applied for him at the same moment, and was first
        raise ValidationError(
            _("“%(item)s”刚刚已经有人替他申请，请刷新页面再看。") % {"item": item}
        ) from error


@action("applications.match", right="applications.apply", at=lambda a: (a["application"].division_id,))
def match(actor: Actor, application: Application, *, person: Person) -> Application:
    """Say whose application it is. Raises ValidationError when that is known, or he has one under way for the item."""
    with everything("an application whose right was asked"):
        application = (
            Application.objects.select_for_update().select_related("item", "case").get(pk=application.pk)
        )
    if application.person_id is not None:
        raise ValidationError(_("这份申请已经对应档案。"))
    _sound(person, application.item, Said(by=Application.By.SELF), application.applied_on)
    application.person = person
    application.save(update_fields=["person"])
    with everything("the case of an application"):
        Case.objects.filter(pk=application.case_id).update(subject_kind="people.person", subject_id=person.pk)
    _on_its_way(application)
    note(number=application.case.number)
    return application


@action("applications.follow", right="applications.view")
def follow(actor: Actor, application: Application, *, result: str) -> Application:
    """Take over that the case has ended, or has been opened again (`result` "")."""
    application.result = result
    application.closed_on = timezone.localdate() if result else None
    application.save(update_fields=["result", "closed_on"])
    if result == "":
        _on_its_way(application)
    elif result != GRANTED:
        _given_up(application)
    note(result=result)
    return application


@action("applications.begin", right="applications.apply", at=_at)
def begin(actor: Actor, person: Person, *, item: Item, on: dt.date, source: str, note: str = "") -> list[str]:
    """An item is granted: the day of the application as a fact, from which policies pay, and the item as begun.

    Returns the benefits applied for by it. Raises ValidationError when the person is not entitled by the register.
    """
    said = " ".join(lists.rule_texts(item))
    applied = [value for value, fact, *_labels in APPLICATIONS if re.search(rf"\b{fact}\b", said)]
    for value in applied:
        people.record(actor, person, kind="allowance_application", value=value, valid_from=on, source=source)
    stands = lists.state_of(person, item)
    if stands is None or stands.state not in (State.RECEIVED, State.ACCEPTED):
        catalogue.accept(actor, person, item=item, note=note)
    return applied


@action("applications.rate", right="applications.apply", at=lambda a: (a["application"].division_id,))
def rate(actor: Actor, application: Application, *, mark: int, words: str = "") -> Rating:
    """Keep how satisfied the applicant was. Raises ValidationError before the end, or when he has said so."""
    if application.closed_on is None:
        raise ValidationError(_("办结以后才能评价。"))
    if mark not in Rating.Mark.values:
        raise ValidationError({"mark": _("请选择评价。")})
    with everything("a rating is given once"):
        if Rating.objects.filter(application=application).exists():
            raise ValidationError(_("这份申请已经评价过。"))
        made = Rating.objects.create(
            application=application,
            division_id=application.division_id,
            mark=mark,
            words=words.strip(),
            on=timezone.localdate(),
            asked_by=actor.name if actor.user_id else "",
        )
    note(mark=mark)
    return made
