"""Finding a human again, however he comes: by his worker's file, his person's file, his resident id, name and phone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel import identifiers
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything
from yanglao.registers.people import queries as people
from yanglao.registers.people.queries import Person
from yanglao.registers.people.rules import names
from yanglao.registers.training.models import ID_PATH, PHONE_PATH, Trainee
from yanglao.registers.workforce import queries as workforce
from yanglao.registers.workforce.queries import Worker
from yanglao.shell import wording


@dataclass(frozen=True)
class Human:
    """Who enrols, as he says it: name and phone, or a file of another register."""

    name: str
    phone: str = ""
    id_number: str = ""
    workplace: str = ""
    worker_id: int | None = None
    person_id: int | None = None


def read(human: Human, *, needs_id: bool = False, needs_phone: bool = True) -> Human:
    """The same with everything in its normal form. Raises ValidationError by field."""
    name = names.normalise_name(human.name)
    if not names.is_name(name):
        raise ValidationError({"name": _("请写真实姓名，2至50个汉字或字母。")})
    filed = human.worker_id is not None or human.person_id is not None
    phone = _phone(human.phone, needed=needs_phone and not filed and not human.id_number.strip())
    number = _id_number(human.id_number, needed=needs_id and not filed)
    return Human(name, phone, number, human.workplace.strip()[:120], human.worker_id, human.person_id)


def _phone(text: str, *, needed: bool) -> str:
    if not text.strip() and not needed:
        return ""
    try:
        return identifiers.phone(text)
    except identifiers.Refused as refused:
        raise ValidationError({"phone": wording.why(refused, wording.PHONE)}) from None


def _id_number(text: str, *, needed: bool, today: dt.date | None = None) -> str:
    if not text.strip():
        if needed:
            raise ValidationError({"id_number": _("这门课发给的证书要写身份证号：请填写。")})
        return ""
    try:
        return identifiers.resident_id(
            text, today=today or timezone.localdate(), allow_test=settings.TEST_ID_NUMBERS
        ).number
    except identifiers.Refused as refused:
        raise ValidationError({"id_number": wording.why(refused, wording.ID_NUMBER)}) from None


def found(human: Human) -> Trainee | None:
    """The trainee who is this (read) human; None when he is new."""
    with everything("one human is one trainee, wherever he was trained"):
        everybody = Trainee.objects.order_by("id")
        for name, value in (("worker_id", human.worker_id), ("person_id", human.person_id)):
            if value is not None and (known := everybody.filter(**{name: value}).first()):
                return known
        if human.id_number and (
            known := everybody.filter(id_number_hash=blind_index(ID_PATH, human.id_number)).first()
        ):
            return known
        if human.phone:
            same = everybody.filter(name=human.name, phone_hash=blind_index(PHONE_PATH, human.phone))
            # two of one name at one phone (father and son) are told apart by their ids
            return same.filter(id_number_hash=None).first() if human.id_number else same.first()
    return None


def found_or_added(
    human: Human, *, division: int, needs_id: bool = False, needs_phone: bool = True
) -> Trainee:
    """The trainee who is this human, with what was not known of him filled in; a new one if need be.

    Raises ValidationError: an id that belongs to one of another name.
    """
    known_by = read(human, needs_phone=needs_phone)
    trainee = found(known_by)
    if trainee is None:
        read(human, needs_id=needs_id, needs_phone=needs_phone)
        trainee = Trainee(name=known_by.name, pinyin=names.pinyin(known_by.name), division_id=division)
    elif trainee.name != known_by.name:
        raise ValidationError(
            {"name": _("这个身份证号已登记给另一个姓名：请核对姓名和身份证号。")}, code="other_name"
        )
    if needs_id and not (trainee.id_number or trainee.worker_id or trainee.person_id):
        read(human, needs_id=True, needs_phone=needs_phone)
    _fill(trainee, known_by)
    return trainee


def _files(trainee: Trainee, human: Human) -> dict[str, int | None]:
    """His files in other registers: as said, or found by his resident id; never taken from another trainee."""
    said = {"worker_id": human.worker_id, "person_id": human.person_id}
    with everything("one human, whatever registers know him"):
        if human.id_number and trainee.worker_id is None and said["worker_id"] is None:
            found = workforce.by_id_number(Worker.objects.order_by("id"), human.id_number).first()
            said["worker_id"] = found.pk if found else None
        if human.id_number and trainee.person_id is None and said["person_id"] is None:
            person = people.by_id_number(Person.objects.order_by("id"), human.id_number).first()
            said["person_id"] = person.pk if person else None
        return {
            name: pk
            for name, pk in said.items()
            if pk is not None and not Trainee.objects.filter(**{name: pk}).exclude(pk=trainee.pk).exists()
        }


def _fill(trainee: Trainee, human: Human) -> None:
    before = trainee.pk, bool(trainee.phone), bool(trainee.id_number), trainee.workplace
    if human.phone and not trainee.phone:
        trainee.phone = human.phone
    if human.id_number and not trainee.id_number:
        trainee.id_number = human.id_number
    trainee.workplace = human.workplace or trainee.workplace
    changed = before != (trainee.pk, bool(trainee.phone), bool(trainee.id_number), trainee.workplace)
    for name, value in _files(trainee, human).items():
        if getattr(trainee, name) is None:
            setattr(trainee, name, value)
            changed = True
    if changed or trainee.pk is None:
        trainee.save()
