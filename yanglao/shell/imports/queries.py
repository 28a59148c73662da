"""Reading imports."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import Span
from yanglao.shell.imports.models import ImportBatch
from yanglao.shell.sheets import ImportTemplate


@dataclass(frozen=True)
class Home:
    """Where what somebody uploads belongs; with an organisation, to its own records only."""

    division: int
    organisation: int | None = None


def offered(actor: Actor) -> list[ImportTemplate]:
    """The templates the actor may use somewhere."""
    if actor.is_system:
        return list(house().imports.values())
    return [template for template in house().imports.values() if home(actor, template)]


def home(actor: Actor, template: ImportTemplate) -> Home | None:
    """The widest division in which the actor may use the template, or else the organisation whose records he keeps."""
    codes = [
        g.division
        for g in actor.grants
        if actor.can(template.right, g.division) and actor.can("imports.use", g.division)
    ]
    if codes:
        return Home(max(codes, key=lambda c: Span.of(c).hi - Span.of(c).lo))
    own = actor.organisations(template.right) & actor.organisations("imports.use") if template.own else ()
    kept = [g for g in actor.grants if g.organisation_id in own]
    return Home(kept[0].division, kept[0].organisation_id) if kept else None


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """The imports the actor may see, of templates he may use; newest first."""
    names = [t.name for t in offered(actor)]
    found = ImportBatch.objects.filter(template__in=names).select_related("division", "run", "file", "marked")
    return found.order_by("-pk")


def same_file(batch: ImportBatch) -> ImportBatch | None:
    """The latest other batch of the same file, if it is waiting or was committed."""
    states = (ImportBatch.State.CHECKED, ImportBatch.State.COMMITTING, ImportBatch.State.COMMITTED)
    same = ImportBatch.objects.filter(template=batch.template, sha256=batch.sha256, state__in=states)
    return same.exclude(pk=batch.pk).order_by("-pk").first()


def waiting(actor: Actor) -> int:
    """How many of his own checked imports wait for a decision."""
    own = batches(actor).filter(user__isnull=False, user_id=actor.user_id or 0)
    return own.filter(state=ImportBatch.State.CHECKED).count()
