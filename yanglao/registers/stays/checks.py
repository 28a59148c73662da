"""What an action refuses: each check raises ValidationError by field, with what, why and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.scope import everything
from yanglao.registers.stays.models import Bed, BedSpell, Occupancy, Offer, Stay
from yanglao.registers.stays.vocabulary import Word, vocabulary


def listed(entries: Mapping[str, Word], name: str, field: str) -> str:
    """A name of a list of standards/stays.yaml."""
    if name not in entries:
        raise ValidationError({field: _("没有“%(name)s”这个选项：请从列表中选择。") % {"name": name}})
    return name


def not_after_today(day: dt.date, field: str) -> dt.date:
    if day > timezone.localdate():
        raise ValidationError({field: _("日期在今天之后：已经发生的才登记，请核对日期。")})
    return day


def reason(text: str, field: str = "reason") -> str:
    read = text.strip()
    if not read:
        raise ValidationError({field: _("请写明理由：它会留在记录中。")})
    if len(read) > 100:
        raise ValidationError({field: _("最多%(most)s个字：请缩短。") % {"most": 100}})
    return read


def locked_bed(bed: Bed) -> Bed:
    """The bed's row, held until the transaction ends: whoever gives beds away takes it first."""
    with everything("the bed an action holds"):
        return Bed.objects.select_for_update(of=("self",)).select_related("room", "place").get(pk=bed.pk)  # type: ignore[no-any-return]


def locked_stay(stay: Stay) -> None:
    """Lock the stay's row and bring the instance the caller holds up to date with it."""
    with everything("the stay an action holds"):
        fresh = Stay.objects.select_for_update().get(pk=stay.pk)
    for field in stay._meta.concrete_fields:
        setattr(stay, field.attname, getattr(fresh, field.attname))


def state(stay: Stay, *allowed: str) -> None:
    if stay.state not in allowed:
        raise ValidationError(
            _("他现在是“%(state)s”，不能这样操作：请刷新页面看最新情况。")
            % {"state": stay.get_state_display()}
        )


def in_use(bed: Bed, since: dt.date, until: dt.date | None = None) -> str:
    """The bed is in use on every day from `since` up to, not including, `until`. Gives its kind on the first."""
    with everything("the bed an action holds"):
        spells = list(BedSpell.objects.filter(bed=bed).order_by("valid_from"))
    day, kind = since, ""
    for spell in spells:
        if spell.valid_to is not None and spell.valid_to <= day:
            continue
        if spell.valid_from > day or spell.state != BedSpell.State.USE:
            break
        kind = kind or spell.kind
        if spell.valid_to is None or (until is not None and spell.valid_to >= until):
            return kind
        day = spell.valid_to
    raise ValidationError(
        {
            "bed": _("%(bed)s 在这些日子里没有投入使用（未启用、维修或已停用）：请换一张床，或先登记启用。")
            % {"bed": bed}
        }
    )


def free(bed: Bed, since: dt.date, until: dt.date | None = None, besides: int | None = None) -> None:
    """Nobody has the bed on any of the days, nor is it kept for somebody else than the stay `besides`."""
    with everything("the bed an action holds"):
        taken = Occupancy.objects.filter(bed=bed).exclude(until__lte=since)
        if until is not None:
            taken = taken.filter(since__lt=until)
        if any(o.until is None or o.until > o.since for o in taken):
            raise ValidationError(
                {"bed": _("%(bed)s 在这些日子里已有人入住：请刷新床位图，另选一张空床。") % {"bed": bed}}
            )
        held = Offer.objects.filter(
            bed=bed, answer__in=Offer.HOLDS, until__gte=max(since, timezone.localdate())
        )
        if until is None and held.exclude(stay_id=besides).exists():
            raise ValidationError(
                {"bed": _("%(bed)s 已为别人预留：请另选一张床，或先取消那次预留。") % {"bed": bed}}
            )


def fits(person: Any, bed: Bed) -> None:
    """A room for men or for women takes none else."""
    if bed.room.sex is not None and bed.room.sex != person.sex:
        raise ValidationError(
            {
                "bed": _("%(room)s 房间只安排%(sex)s性：请另选房间，或先修改房间的入住性别。")
                % {"room": bed.room, "sex": bed.room.get_sex_display()}
            }
        )


@contextmanager
def once() -> Iterator[None]:
    """What the database refuses because another was quicker, said in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ValidationError(
            {"bed": _("刚刚有人办理了这张床或这位老人的入住：请刷新床位图，再选一张空床。")}
        ) from None


def level(name: str, field: str = "level") -> str:
    return listed(vocabulary().care_levels, name, field) if name else ""


def of_the_place(bed: Bed, stay: Stay) -> None:
    if bed.place_id != stay.place_id:
        raise ValidationError({"bed": _("这张床不在他申请的机构：请从本机构的空床中选择。")})


def since_admission(stay: Stay, on: dt.date) -> None:
    if stay.admitted_on is None or on < stay.admitted_on:
        raise ValidationError({"on": _("日期早于入住日期：请核对。")})


def elsewhere(person_id: int, since: dt.date, until: dt.date) -> None:
    """The person had no other bed on any of the days."""
    with everything("one stay at a time, wherever it was"):
        rows = Occupancy.objects.filter(person_id=person_id, since__lt=until).exclude(until__lte=since)
        if any(o.until is None or o.until > o.since for o in rows):
            raise ValidationError({"since": _("这些日子里他已有别的入住记录：请核对入住和退住日期。")})
