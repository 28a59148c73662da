"""Every change of the ledger of estates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import Span, everything
from yanglao.kernel.text import spelled
from yanglao.registers.estates import rules
from yanglao.registers.estates.models import Estate, Milestone, Norm, Premises, Remedy, Share, Stage

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from yanglao.registers.estates.packs import NormFile


def _at(arguments: dict[str, Any]) -> tuple[int, ...]:
    return (arguments["division"],)


# --- rules


@action("estates.set_norms", right="packs.load", at=_at)
def set_norms(actor: Actor, *, division: int, norms: Iterable[NormFile]) -> None:
    """Replace a city's rules and reckon anew what every estate in it owes."""
    with everything("a city's rules concern every estate in it"):
        Norm.objects.filter(division_id=division).delete()
        made = Norm.objects.bulk_create(
            Norm(
                division_id=division,
                **norm.model_dump(exclude={"source"}),
                title=norm.source.title,
                number=norm.source.number or "",
                confidence=norm.source.confidence,
            )
            for norm in norms
        )
        span = Span.of(division)
        estates = list(Estate.objects.filter(division__gte=span.lo, division__lte=span.hi).order_by("id"))
        for estate in estates:
            reckon(estate, made)
        Estate.objects.bulk_update(estates, ["norm", "required_area", "due_on"], batch_size=500)
    note(norms=len(made), estates=len(estates))


def norms_of(division: int) -> list[Norm]:
    """The rules of the city a division lies in."""
    codes = Norm.objects.order_by().values_list("division_id", flat=True).distinct()
    root = max((code for code in codes if division in Span.of(code)), default=None)
    return [] if root is None else list(Norm.objects.filter(division_id=root))


def reckon(estate: Estate, norms: Iterable[Norm]) -> None:
    """Set what the estate owes by the rule of the day its planning condition was given."""
    norm = rules.norm_for(norms, estate.kind, estate.decided_on)
    estate.norm = norm
    estate.required_area = (
        rules.required_area(estate.households, norm.per_100_households, norm.minimum) if norm else None
    )
    estate.due_on = rules.due_on(estate.completed_on, norm.hand_over_days) if norm else None


# --- estates


def prepared(fields: Mapping[str, Any], norms: Iterable[Norm]) -> Estate:
    """An estate that is not saved yet, with its pinyin and what it owes."""
    estate = Estate(**fields)
    estate.pinyin, estate.initials = spelled(estate.name)
    reckon(estate, norms)
    return estate


@action("estates.add", right="estates.edit", at=_at)
def add(actor: Actor, *, division: int, name: str, source: str = "", **fields: Any) -> Estate:
    """Enter an estate. Raises ValidationError when the community has one of this name or dates are in disorder."""
    if Estate.objects.filter(division_id=division, name=name).exists():
        raise ValidationError({"name": _("这里已有同名的小区，请到它的页面修改。")})
    _dates(fields)
    estate = prepared({"division_id": division, "name": name, "source": source, **fields}, norms_of(division))
    estate.save()
    return estate


@action("estates.correct", right="estates.edit")
def correct(actor: Actor, estate: Estate, **fields: Any) -> Estate:
    """Correct an estate and reckon anew what it owes. Raises ValidationError as `add`."""
    name = fields.get("name", estate.name)
    if Estate.objects.filter(division_id=estate.division_id, name=name).exclude(pk=estate.pk).exists():
        raise ValidationError({"name": _("这里已有同名的小区，请到它的页面修改。")})
    _dates(fields)
    for field, value in fields.items():
        setattr(estate, field, value)
    estate.pinyin, estate.initials = spelled(estate.name)
    reckon(estate, norms_of(estate.division_id))
    estate.save()
    return estate


def _dates(fields: Mapping[str, Any]) -> None:
    decided, completed = fields.get("decided_on"), fields.get("completed_on")
    if decided and completed and completed < decided:
        raise ValidationError({"completed_on": _("竣工日期早于规划条件日期，请核对两个日期。")})


# --- premises


@action("estates.add_premises", right="estates.edit")
def add_premises(
    actor: Actor, estate: Estate, *, name: str, area: Decimal, share: Decimal | None = None, **fields: Any
) -> Premises:
    """Enter premises of an estate; `share`: the part that counts for it (all, if not said)."""
    premises = Premises.objects.create(name=name, area=area, division_id=estate.division_id, **fields)
    _share(premises, estate, area if share is None else share)
    return premises


@action("estates.correct_premises", right="estates.edit")
def correct_premises(actor: Actor, premises: Premises, **fields: Any) -> Premises:
    """Correct premises. Raises ValidationError when less area is left than is shared out."""
    shared = premises.shares.aggregate(n=Sum("area"))["n"] or Decimal(0)
    if fields.get("area", premises.area) < shared:
        raise ValidationError(
            {"area": _("已分摊给各小区共 %(area)s ㎡，用房面积不能更小。先改分摊。") % {"area": shared}}
        )
    for field, value in fields.items():
        setattr(premises, field, value)
    premises.save()
    return premises


@action("estates.share", right="estates.edit")
def share(actor: Actor, premises: Premises, *, estate: Estate, area: Decimal) -> Share | None:
    """How much of the premises counts for an estate; 0 takes the estate out. Raises ValidationError beyond the area."""
    actor.require("estates.edit", estate)
    return _share(premises, estate, area)


def _share(premises: Premises, estate: Estate, area: Decimal) -> Share | None:
    Premises.objects.select_for_update().get(pk=premises.pk)
    others = premises.shares.exclude(estate=estate).aggregate(n=Sum("area"))["n"] or Decimal(0)
    if area + others > premises.area:
        left = premises.area - others
        raise ValidationError(
            {
                "area": _("用房共 %(area)s ㎡，其余小区已分摊，最多还能分 %(left)s ㎡。")
                % {"area": premises.area, "left": left}
            }
        )
    if area <= 0:
        premises.shares.filter(estate=estate).delete()
        return None
    found, _new = Share.objects.update_or_create(premises=premises, estate=estate, defaults={"area": area})
    return found


@action("estates.reach", right="estates.edit")
def reach(
    actor: Actor,
    premises: Premises,
    *,
    stage: str,
    on: dt.date,
    place: Any = None,
    upload: UploadedFile[bytes] | None = None,
    **signed: str,
) -> Milestone:
    """Record that premises reached a stage; `signed`: department, signed_by, position, document.

    Raises ValidationError for a stage out of turn, a day in the future, a hand-over nobody signed, or use for nothing.
    """
    Premises.objects.select_for_update().get(pk=premises.pk)
    _may_reach(premises, stage, on)
    if stage == Stage.HANDED_OVER and not (signed.get("signed_by") and signed.get("position")):
        raise ValidationError({"signed_by": _("移交要有接收人的姓名和职务。")})
    if stage == Stage.USED and not (place or premises.place_id or premises.purpose):
        raise ValidationError({"place": _("写明用于哪个机构设施，或在用房信息里填写用途。")})
    file = (
        store(actor, upload.name or "", upload, kind="document", division=premises.division_id)
        if upload
        else None
    )
    made = Milestone.objects.create(premises=premises, stage=stage, on=on, file=file, **signed)
    premises.place = place or premises.place
    _stand(premises)
    return made


def _may_reach(premises: Premises, stage: str, on: dt.date) -> None:
    if on > timezone.localdate():
        raise ValidationError({"on": _("日期在今天之后，请核对。")})
    reached = [rules.Reached(m.stage, m.on) for m in premises.milestones.order_by("on")]
    refused = {
        "done": {"stage": _("这个环节已经登记过。有误时请先撤回最后一个环节。")},
        "early": {"on": _("日期早于前面的环节，请核对。")},
        "skipped": {"stage": _("前面的环节还没有登记：建成交付、验收合格、办理移交、投入使用要依次进行。")},
    }
    if why := rules.may_reach(reached, stage, on):
        raise ValidationError(refused[why])


def _stand(premises: Premises) -> None:
    """Project the last stage reached."""
    reached = set(premises.milestones.order_by().values_list("stage", flat=True))
    premises.stage = max(reached, key=rules.STAGES.index, default="")
    premises.save(update_fields=["stage", "place", "updated_at"])


@action("estates.step_back", right="estates.edit")
def step_back(actor: Actor, premises: Premises, *, reason: str) -> None:
    """Take back the last stage, entered by mistake. Raises ValidationError when there is none."""
    last = max(premises.milestones.order_by("id"), key=lambda m: rules.STAGES.index(m.stage), default=None)
    if last is None:
        raise ValidationError(_("还没有登记任何环节。"))
    note(stage=last.stage, on=last.on.isoformat(), reason=reason)
    last.delete()
    if last.stage == Stage.USED:
        premises.place = None
    _stand(premises)


# --- plans for what is lacking


@action("estates.plan", right="estates.edit")
def plan(actor: Actor, estate: Estate, **fields: Any) -> Remedy:
    """Plan how an estate gets what it lacks."""
    return Remedy.objects.create(estate=estate, **fields)


@action("estates.fulfil", right="estates.edit")
def fulfil(actor: Actor, remedy: Remedy, *, premises: Premises, on: dt.date) -> Remedy:
    """A plan is carried out by premises. Raises ValidationError unless these count for the estate and are handed over."""
    if not premises.shares.filter(estate=remedy.estate_id).exists():
        raise ValidationError({"premises": _("这处用房没有分摊给这个小区，请先登记分摊。")})
    if premises.stage not in {Stage.HANDED_OVER, Stage.USED}:
        raise ValidationError({"premises": _("这处用房还没有移交，移交后才能算完成。")})
    remedy.premises, remedy.done_on = premises, on
    remedy.save()
    return remedy


@action("estates.drop_plan", right="estates.edit")
def drop_plan(actor: Actor, remedy: Remedy, *, reason: str) -> Remedy:
    """Give a plan up, with the reason. Raises ValidationError when it is done."""
    if remedy.done_on:
        raise ValidationError(_("这项整改已经完成，不能撤销。"))
    remedy.dropped = reason
    remedy.save()
    return remedy
