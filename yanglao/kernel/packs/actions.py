"""Load a pack that was found right."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything

from . import queries
from .checking import sections_of
from .models import LoadedFile
from .schema import StandardHeader
from .sections import Pack, PackFile


@action("packs.load", right="packs.load", at=lambda arguments: ())
def load(actor: Actor, pack: Pack, *, again: bool = False) -> queries.LoadPlan:
    """Make the database agree with a pack, in one transaction; returns what was done.

    Only sections with a new, changed or vanished file are applied; `again` applies all. Loading the same pack
    twice changes nothing. Raises `PackInvalid` when a section finds the pack at odds with what is registered.
    """
    load_plan = queries.plan(pack)
    sections = sections_of(pack.kind) if again else queries.touched(pack, load_plan)
    with everything("a pack is loaded for the whole city"):
        for section in sections:
            if section.apply:
                section.apply(actor, pack, pack.of(section.glob))
    _remember(pack, load_plan)
    note(pack=pack.key, files={file.path: file.state for file in load_plan.pending}, again=again)
    return load_plan


def _remember(pack: Pack, load_plan: queries.LoadPlan) -> None:
    now = timezone.now()
    pending = {file.path for file in load_plan.pending}
    LoadedFile.objects.filter(pack=pack.key, path__in=pending, replaced_at=None).update(replaced_at=now)
    LoadedFile.objects.bulk_create(
        LoadedFile(
            pack=pack.key,
            path=file.path,
            sha256=file.sha256,
            content=queries.plain(file.document.data),
            loaded_at=now,
            **_standard_columns(file),
        )
        for file in pack.all_files()
        if file.path in pending
    )


def _standard_columns(file: PackFile[Any]) -> dict[str, Any]:
    head = file.model
    if not isinstance(head, StandardHeader):
        return {}
    return {
        "standard_id": head.id,
        "version": head.version,
        "valid_from": head.valid_from,
        "valid_to": head.valid_to,
    }
