"""Files of the deceased: what is still open when one is closed, how long it is kept, how it opens again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.rooms import OpenMatter, house
from yanglao.registers.people.models import (
    Appointment,
    Claim,
    Closure,
    DataRequest,
    HouseholdMember,
    HouseRelation,
    PayAccount,
    Person,
)
from yanglao.registers.people.protection_file import protection


def open_matters(person: Person) -> list[OpenMatter]:
    """What has to be settled after a death, of this room and of all others."""
    others = chain.from_iterable(offer(person.pk) for offer in house().open_matters)
    return [*_own(person), *others]


def _own(person: Person) -> Iterator[OpenMatter]:
    page = person.get_absolute_url()
    mine = {"person": person}
    if PayAccount.objects.filter(**mine, valid_to=None).exists():
        yield OpenMatter(_("收款账户仍在使用"), page, _("核对最后一次发放后停用"))
    head = HouseholdMember.objects.filter(**mine, valid_to=None).order_by("id").first()
    if head is not None:
        title = _("仍登记为户主") if head.relation == HouseRelation.HEAD else _("仍是家庭户成员")
        yield OpenMatter(
            title, reverse("people:household", args=[head.household_id]), _("变更户主或登记离户")
        )
    if Appointment.objects.filter(**mine, valid_to=None).exists():
        yield OpenMatter(_("监护或代办仍未终止"), page, _("终止监护和代办"))
    if Claim.objects.filter(**mine, settled_at=None).exists():
        yield OpenMatter(_("两地报送待核实"), reverse("people:claims"), "")
    if DataRequest.objects.filter(**mine, outcome="").exists():
        yield OpenMatter(_("个人信息保护申请待答复"), reverse("people:data_requests"), "")


def keep_until(died: dt.date) -> dt.date | None:
    """The last day the file is kept; None: for good. The rule is of the standards file, see there for its source."""
    years = protection().retention.years
    if years is None:
        return None
    return died.replace(year=died.year + years, day=min(died.day, 28))


def reopen(person: Person, reason: str) -> bool:
    """The file is open again; True if it was closed. For the actions of this room, who hold the person."""
    if person.closed_on is None:
        return False
    found = Closure._base_manager.filter(person=person, reopened_at=None)
    found.update(reopened_at=timezone.now(), reopened=reason.strip()[:100])
    person.closed_on = None
    person.save()
    return True
