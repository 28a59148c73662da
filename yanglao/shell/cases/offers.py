"""What of cases waits for somebody, and what is late."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases import queries
from yanglao.kernel.cases.models import Case
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile, TimelineEvent
from yanglao.kernel.scope import everything


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """What waits at his desk, and what was raised to him."""
    if not actor.can("cases.work"):
        return
    today = timezone.localdate()
    dues = list(queries.waiting(actor).filter(suspended=False).values_list("due", flat=True)[:1000])
    if dues:
        late = sum(due < today for due in dues)
        yield DeskItem(_("待办事项"), reverse("cases:mine"), len(dues), due=dues[0], late=late, order=5)
    if raised := queries.escalated(actor).count():
        yield DeskItem(_("升级到我这里的逾期事项"), reverse("cases:late"), raised, late=raised, order=6)


def late(actor: Actor) -> Iterable[Tile]:
    """How much is late in his divisions."""
    if not actor.can("cases.manage"):
        return
    rows = queries.late(actor)
    if rows:
        detail = _("最早期限 %(day)s") % {"day": rows[0].since}
        yield Tile(
            _("逾期步骤"), sum(row.count for row in rows), _("项"), reverse("cases:late"), detail, order=20
        )


def find(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """A case by its number."""
    for case in Case.objects.filter(number=text.strip().upper())[:limit]:
        yield SearchHit(f"{case.number} {case.title}", reverse("cases:case", args=[case.pk]))


def of_person(person_id: int) -> Iterable[TimelineEvent]:
    """Cases about a person, on his timeline."""
    with everything("who sees a person sees what was applied for him"):
        cases = Case.objects.filter(subject_kind="people.person", subject_id=person_id)
        for case in cases.select_related("version").order_by("pk"):
            result = queries.result_label(case.version.read, case.result) if case.result else ""
            url = reverse("cases:case", args=[case.pk])
            yield TimelineEvent(
                case.opened_on, case.version.name, result or case.number, url, "route", "case"
            )
