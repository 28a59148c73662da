"""Policies as a section of a city folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.entitlement.benefits.published import keep_folder
from yanglao.entitlement.benefits.rules.form import PolicyForm
from yanglao.entitlement.benefits.rules.pack import GLOB, check_policies, policy_texts
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.sections import Pack, PackFile, PackSection

Files = Sequence[PackFile[PolicyForm]]


def check(pack: Pack, files: Files) -> Iterable[Problem]:
    return check_policies(files, schema())


def apply(actor: Actor, pack: Pack, files: Files) -> None:
    """Keep each file's text; a file that changed or is gone ends its version, which old runs still carry.

    What two people published stands over the folder's file.
    """
    city, now = City.objects.get(pk=pack.folder.name), timezone.now()
    texts = policy_texts(files, pack.folder)
    for kept in PolicyFile.objects.filter(city=city, replaced_at=None):
        if texts.get(kept.name) == kept.text:
            del texts[kept.name]
        elif kept.published:
            keep_folder(city, kept.name, texts.pop(kept.name, ""))
        else:
            kept.replaced_at = now
            kept.save(update_fields=["replaced_at"])
    PolicyFile.objects.bulk_create(
        [PolicyFile(city=city, name=name, text=text, loaded_at=now) for name, text in sorted(texts.items())]
    )


POLICIES = PackSection(GLOB, PolicyForm, _("待遇政策"), check=check, apply=apply)
