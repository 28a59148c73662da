"""What of the ledger waits for somebody, and its figures."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile
from yanglao.kernel.scope import Level
from yanglao.registers.estates import queries
from yanglao.registers.estates.models import Estate, Remedy


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Estates past their day of hand-over, and plans past theirs."""
    if not actor.can("estates.edit"):
        return
    today = timezone.localdate()
    late = queries.ledger().filter(queries.in_state("late", today)).count()
    if late:
        yield DeskItem(
            _("配建用房逾期未移交"), f"{reverse('estates:list')}?state=late", late, late=late, order=70
        )
    plans = Remedy.objects.filter(done_on=None, dropped="", due_on__lt=today).count()
    if plans:
        yield DeskItem(_("小区整改计划逾期"), reverse("estates:list"), plans, late=plans, order=71)


def figures(actor: Actor) -> Iterable[Tile]:
    """How much of what is owed was handed over."""
    if not actor.can("estates.view"):
        return
    totals = queries.totals(queries.ledger(), timezone.localdate())
    if totals.estates:
        detail = _("应配建 %(required)s ㎡，已移交 %(handed)s ㎡") % {
            "required": f"{totals.required:,.0f}", "handed": f"{totals.handed_over:,.0f}",
        }  # fmt: skip
        yield Tile(_("配建达标小区"), totals.met, _("个"), reverse("estates:list"), detail, order=70)


def search(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Estates by name, pinyin or initials."""
    typed = text.strip().lower()
    match = Q(name__prefix=typed) | Q(pinyin__prefix=typed) | Q(initials__prefix=typed)
    for estate in Estate.objects.filter(match).order_by("pinyin", "id")[:limit]:
        yield SearchHit(
            estate.name, estate.get_absolute_url(), full_name(estate.division_id, below=Level.CITY)
        )
