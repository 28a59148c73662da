"""Process files as sections of a city folder and of the standards."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.cases.checks import check as impossibilities
from yanglao.kernel.cases.models import ProcessVersion
from yanglao.kernel.cases.schema import Process
from yanglao.kernel.packs import Pack, PackFile, PackInvalid, PackSection, Problem, read, validate

logger = logging.getLogger(__name__)
GLOB = "processes/*.yaml"
Files = Sequence[PackFile[Process]]


def check(pack: Pack, files: Files) -> Iterable[Problem]:
    """Every impossibility of every file, with its line."""
    known = roles()
    first: dict[str, str] = {}
    for file in files:
        if file.model.id in first:
            what = _("流程“%(id)s”已写在 %(path)s") % {"id": file.model.id, "path": first[file.model.id]}
            yield file.problem(["id"], what, _("改 id，或合并成一个文件"))
        first.setdefault(file.model.id, file.path)
        for finding in impossibilities(file.model, known):
            yield file.problem(finding.where, finding.what, finding.how)


def apply(actor: Actor, pack: Pack, files: Files) -> None:
    """A file that changed makes a new version; one that is gone ends the last. Running cases keep theirs."""
    root = pack.of("city.yaml")[0].model.root if pack.kind == "city" else None
    wanted = {file.model.id: file.model for file in files}
    for kept in ProcessVersion.objects.filter(root_id=root, replaced_at=None):
        model = wanted.get(kept.process)
        if model is not None and kept.sha256 == digest(model):
            del wanted[kept.process]
        else:
            kept.replaced_at = timezone.now()
            kept.save(update_fields=["replaced_at"])
    ProcessVersion.objects.bulk_create([version_of(model, root) for _id, model in sorted(wanted.items())])


def content_of(process: Process) -> dict[str, Any]:
    """The process as data, what was not written left out: the same from the same file, whatever its layout."""
    content: dict[str, Any] = process.model_dump(mode="json", exclude_unset=True)
    return content


def digest(process: Process) -> str:
    text = json.dumps(content_of(process), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def version_of(process: Process, root: int | None) -> ProcessVersion:
    return ProcessVersion(
        process=process.id,
        root_id=root,
        name=process.name,
        sha256=digest(process),
        content=content_of(process),
    )


def defaults() -> Iterator[Process]:
    """The house defaults as their files say. A file that is not right is left out: `yanglao standards check` says why."""
    for path in sorted((settings.STANDARDS / "processes").glob("*.yaml")):
        try:
            document = read(path, shown_as=f"processes/{path.name}")
            file = PackFile(document, validate(document, Process))
        except PackInvalid as invalid:
            logger.warning("%s", invalid)
            continue
        if problems := list(check(Pack("standard", settings.STANDARDS), [file])):
            logger.warning("%s", PackInvalid(problems))
            continue
        yield file.model


def keep_defaults(using: str) -> None:
    """After every migrate the house defaults are in force as their files say."""
    versions = ProcessVersion.objects.using(using)
    for process in defaults():
        current = versions.filter(process=process.id, root=None, replaced_at=None).first()
        if current is None or current.sha256 != digest(process):
            if current is not None:
                current.replaced_at = timezone.now()
                current.save(using=using, update_fields=["replaced_at"])
            version_of(process, None).save(using=using)


STANDARD = PackSection(
    GLOB, Process, gettext_lazy("办事流程"), kind="standard", check=check, apply=apply, order=50
)
CITY = PackSection(GLOB, Process, gettext_lazy("办事流程"), kind="city", check=check, apply=apply, order=50)
