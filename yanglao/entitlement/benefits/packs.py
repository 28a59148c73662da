"""Policies as a section of a city folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.entitlement.benefits.published import keep_folder
from yanglao.entitlement.benefits.rules.form import PolicyForm, StandardForm
from yanglao.entitlement.benefits.rules.pack import (
    GLOB,
    STANDARDS_GLOB,
    check_policies,
    check_standards,
    policy_texts,
)
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.sections import Pack, PackFile, PackSection

Files = Sequence[PackFile[PolicyForm]]
Standards = Sequence[PackFile[StandardForm]]


def check(pack: Pack, files: Files) -> Iterable[Problem]:
    return check_policies(files, schema(), pack.of(STANDARDS_GLOB))


def check_shared(pack: Pack, files: Standards) -> Iterable[Problem]:
    return check_standards(files)


def apply(actor: Actor, pack: Pack, files: Files) -> None:
    _keep(pack, files, PolicyFile.objects.exclude(name__startswith=_SHARED))


def apply_shared(actor: Actor, pack: Pack, files: Standards) -> None:
    _keep(pack, files, PolicyFile.objects.filter(name__startswith=_SHARED))


def _keep(pack: Pack, files: Sequence[PackFile[Any]], among: QuerySet[PolicyFile]) -> None:
    """Keep each file's text; a file that changed or is gone ends its version, which old runs still carry.

    What two people published stands over the folder's file.
    """
    city, now = City.objects.get(pk=pack.folder.name), timezone.now()
    texts = policy_texts(files, pack.folder)
    for kept in among.filter(city=city, replaced_at=None):
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


_SHARED = "policies/standards/"
STANDARDS = PackSection(
    STANDARDS_GLOB, StandardForm, _("共用标准"), check=check_shared, apply=apply_shared, order=90
)
POLICIES = PackSection(GLOB, PolicyForm, _("待遇政策"), check=check, apply=apply)
