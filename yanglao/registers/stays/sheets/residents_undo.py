"""Taking a list of residents back within the day."""

from __future__ import annotations

from yanglao.kernel.scope import everything
from yanglao.registers.stays import persons
from yanglao.registers.stays.models import Leave, Occupancy, Stay
from yanglao.shell.sheets import Problem, UndoContext, UndoRefused
from yanglao.shell.sheets import mark as _

LATER = Problem(
    _("已经不能撤销"),
    _("导入之后，其中{number}人又办理了离院、调换、转机构或退住"),
    _("请逐人更正：先办理退住，再重新登记"),
)


def undo(context: UndoContext) -> None:
    """The stays of the import go, and what they said of their persons; files that were opened stay."""
    with everything("an import is taken back whole"):
        stays = list(Stay.objects.filter(source=context.source).select_related("person").order_by("pk"))
        _refuse_later(stays, context.source)
        Occupancy.objects.filter(stay__in=[stay.pk for stay in stays]).delete()
        for stay in stays:
            since, residence, person = stay.admitted_on, stay.residence_before, stay.person
            stay.delete()
            if since is not None and stay.kind != "day":
                persons.take_back(context.actor, person, since=since, residence=residence)


def _refuse_later(stays: list[Stay], source: str) -> None:
    ids = [stay.pk for stay in stays]
    touched = set(Leave.objects.filter(stay_id__in=ids).values_list("stay_id", flat=True))
    other = Occupancy.objects.filter(stay_id__in=ids).exclude(source=source)
    touched |= set(other.values_list("stay_id", flat=True))
    touched |= set(Stay.objects.filter(former_id__in=ids).values_list("former_id", flat=True))
    if touched:
        raise UndoRefused(LATER.with_params(number=len(touched)))
