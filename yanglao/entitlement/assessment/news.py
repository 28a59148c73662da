"""What happens elsewhere and touches assessments."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import actions, casework, results
from yanglao.entitlement.assessment.models import Assessment, Assignment, Request
from yanglao.entitlement.catalogue.events import ItemStarted
from yanglao.entitlement.catalogue.queries import fulfilled_in
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.events import CaseEnded
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import PersonDied, PersonMerging, PersonUnmerged
from yanglao.registers.people.models import Person


def ended(event: CaseEnded) -> None:
    """A case was withdrawn, set aside, or refused because nobody answered."""
    if event.process == casework.PROCESS:
        casework.follow(event.case_id)


def died(event: PersonDied) -> None:
    """Whoever has died is assessed no more: what is planned is cancelled; the case's own people close it."""
    with everything("what is planned for one who has died"):
        rows = Assignment.objects.filter(person=event.person_id, state__in=Assignment.WAITING)
        rows.update(state=Assignment.State.CANCELLED, cancelled_why=_("老年人已去世"))


def merging(event: PersonMerging) -> None:
    """Two files become one: of two results of a scale the later one holds. Raises ValidationError when both files
    have a request open on the same scale."""
    with everything("what two files of one person have"):
        both = (event.kept_id, event.dropped_id)
        opened = Request.objects.filter(person__in=both, state=Request.State.OPEN).order_by()
        scales = list(opened.values_list("scale", flat=True))
        if len(scales) != len(set(scales)):
            raise ValidationError(
                _("两份档案各有一件正在办理的能力评估申请：请先办结或撤回其中一件，再合并。")
            )
        seen: set[str] = set()
        rows = Assessment.objects.filter(person__in=both, state=Assessment.State.VALID)
        for row in rows.order_by("-made_on", "-pk"):
            if row.scale in seen:
                row.state = Assessment.State.REPLACED
                row.save(update_fields=["state"])
            seen.add(row.scale)


def unmerged(event: PersonUnmerged) -> None:
    """They were two persons: a result that gave way to the other person's holds again for its own."""
    for person_id in (event.kept_id, event.dropped_id):
        results.stand_again(person_id)


def item_started(event: ItemStarted) -> None:
    """He agreed to be assessed, on his list or by an application: the request is entered, unless one is open."""
    if event.kind != "accept" or fulfilled_in(event.item_id) != "assessment":
        return
    with everything("whether he is to be assessed already"):
        person = Person.objects.get(pk=event.person_id)
        asked = Request.objects.filter(person=person, state=Request.State.OPEN).exists()
    if not asked and person.death_date is None:
        actions.request(Actor.system(_("清单办理")), person=person, by=Request.By.SELF, why=Request.Why.FIRST)
