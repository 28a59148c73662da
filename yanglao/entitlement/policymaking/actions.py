"""Every change of policymaking: write, save, submit, send back, publish, put in force, withdraw."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.actions import back_to_folder
from yanglao.entitlement.benefits.offered.queries import city_at, texts_of
from yanglao.entitlement.policymaking import casework, publishing, studies
from yanglao.entitlement.policymaking.checking import Checked, check
from yanglao.entitlement.policymaking.models import Draft, DraftVersion, Publication, Study
from yanglao.entitlement.policymaking.queries import title_in
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases import actions as cases

NAME = re.compile(r"policies/(?:standards/)?[a-z0-9][a-z0-9-]{0,80}\.yaml")


@action("policymaking.open", right="policymaking.draft", at=lambda a: (a["division"],))
def open_draft(
    actor: Actor, *, division: int, name: str, text: str, origin: str = "", base: str = ""
) -> Draft:
    """Begin a draft of the policy file `name` (policies/….yaml) of the city a division lies in.

    Raises ValidationError when the name is no file name or no city is loaded there.
    """
    city = city_at(division)
    if city is None:
        raise ValidationError(_("这里还没有装载城市文件夹，不能起草政策。请系统管理员先装载。"))
    if not NAME.fullmatch(name):
        raise ValidationError({"name": _("文件名只用小写字母、数字和连字符，例如 meal-subsidy。")})
    draft = Draft.objects.create(
        division_id=division,
        city=city,
        name=name,
        title=title_in(text, name),
        origin=origin,
        base=base,
        text=text,
        author_id=actor.user_id,
        author=actor.name,
    )
    _keep(actor, draft, _("起草"))
    return draft


def _keep(actor: Actor, draft: Draft, why: str = "") -> Checked:
    checked = check(draft.name, draft.text, texts_of(draft.city))
    DraftVersion.objects.create(
        draft=draft,
        number=draft.number,
        text=draft.text,
        problems=checked.number,
        user_id=actor.user_id,
        by=actor.name,
        note=why[:200],
    )
    return checked


def _locked(draft: Draft, *states: str) -> Draft:
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.state not in states:
        said = {"state": draft.get_state_display()}
        raise ValidationError(_("这份草稿是“%(state)s”，不能进行这一步。") % said)
    return draft


@action("policymaking.save", right="policymaking.draft")
def save(actor: Actor, draft: Draft, *, text: str, number: int, why: str = "") -> Draft:
    """Keep a new version. `number`: the version it was made from.

    Raises ValidationError when another one saved meanwhile, or the draft is no longer open.
    """
    draft = _locked(draft, Draft.State.OPEN)
    if draft.number != number:
        said = {"n": draft.number}
        raise ValidationError(
            _("您编辑期间，别人已经保存了第 %(n)s 版。请先复制您的文本，打开新版再改。") % said
        )
    text = text.replace("\r\n", "\n")
    if text == draft.text:
        return draft
    draft.text, draft.number = text, draft.number + 1
    draft.title = title_in(text, draft.title)
    draft.author_id, draft.author = actor.user_id, actor.name
    draft.save()
    _keep(actor, draft, why)
    note(version=draft.number)
    return draft


@action("policymaking.submit", right="policymaking.draft")
def submit(actor: Actor, draft: Draft, *, effective_on: date, reason: str) -> Draft:
    """Hand a draft over for publication by another. Raises ValidationError while anything in it is wrong."""
    draft = _locked(draft, Draft.State.OPEN)
    publishing.fit(draft)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么要发布这一版。")})
    draft.state, draft.effective_on, draft.reason = Draft.State.SUBMITTED, effective_on, reason
    draft.author_id, draft.author, draft.answer = actor.user_id, actor.name, ""
    draft.save()
    casework.handed_over(actor, draft)
    return draft


@action("policymaking.return", right="policymaking.publish")
def send_back(actor: Actor, draft: Draft, *, reason: str) -> Draft:
    """Give a submitted draft back to its author, with the reason."""
    draft = _locked(draft, Draft.State.SUBMITTED)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回的理由。")})
    casework.perform(actor, draft, "publish", "return", reason)
    draft.refresh_from_db()
    return draft


@action("policymaking.drop", right="policymaking.draft")
def drop(actor: Actor, draft: Draft, *, reason: str = "") -> Draft:
    """Set a draft aside, its case with it; its versions stay readable."""
    draft = _locked(draft, Draft.State.OPEN, Draft.State.SUBMITTED)
    if draft.case is not None:
        cases.void(actor, draft.case, reason=reason or _("放弃草稿"))
        draft.refresh_from_db()
        return draft
    draft.state, draft.answer = Draft.State.DROPPED, reason
    draft.save()
    return draft


@action("policymaking.publish", right="policymaking.publish")
def publish(actor: Actor, draft: Draft, *, comment: str = "") -> Publication:
    """Publish a submitted draft: from its day on it stands over the city's file.

    Raises ValidationError when the author himself publishes, or the draft no longer fits what is in use.
    """
    draft = _locked(draft, Draft.State.SUBMITTED)
    publishing.by_another(actor, draft)
    casework.perform(actor, draft, "publish", "publish", comment)
    made = Publication.objects.filter(draft=draft).order_by("-pk").first()
    assert made is not None
    note(policy=made.policy, effective_on=made.effective_on.isoformat())
    return made


@action("policymaking.start", right="policymaking.publish")
def start(actor: Actor, publication: Publication) -> Publication:
    """Put a publication in force whose day has come."""
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    if publication.state == Publication.State.WAITING and publication.effective_on <= timezone.localdate():
        publishing.start(publication)
    return publication


@action("policymaking.withdraw", right="policymaking.publish")
def withdraw(actor: Actor, publication: Publication, *, reason: str) -> Publication:
    """Take a publication back: the folder's file stands again, or none. Runs computed by it keep its text."""
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    states = (Publication.State.WAITING, Publication.State.STANDING)
    if publication.state not in states:
        raise ValidationError(_("这次发布已经不在用，不需要撤回。"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤回的理由。")})
    if publication.state == Publication.State.STANDING:
        _take_back(publication)
    publication.state = Publication.State.WITHDRAWN
    publication.ended_at, publication.ended_by, publication.end_reason = timezone.now(), actor.name, reason
    publication.save()
    return publication


def _take_back(publication: Publication) -> None:
    texts: dict[str, Any] = texts_of(publication.city)
    with transaction.atomic():
        back_to_folder(publication.city, publication.name)
        left = texts_of(publication.city)
        broken = [
            n for n, t in left.items() if n != publication.name and check(n, t, left, cases=False).problems
        ]
        if broken and publication.name in texts:
            names = "、".join(broken)
            raise ValidationError(_("其他政策要用到它：%(names)s。请先改那些政策。") % {"names": names})


@action("policymaking.study", right="policymaking.simulate", at=lambda a: (a["division"],))
def open_study(
    actor: Actor,
    *,
    division: int,
    kind: str,
    title: str,
    month: int,
    scenarios: Sequence[Mapping[str, Any]],
    draft: Draft | None = None,
) -> Study:
    """Ask what some changed policy files would do. Raises ValidationError when nothing is asked."""
    if not scenarios:
        raise ValidationError(_("请至少选择一份草稿，或改一个参数。"))
    study = Study(
        division_id=division,
        kind=kind,
        title=title[:120],
        month=month,
        base=texts_of(city_at(division)),
        scenarios=[dict(s) for s in scenarios],
        draft=draft,
        by=actor.name,
    )
    studies.start_study(study)
    study.save()
    return study


@action("policymaking.keep_study", right="policymaking.simulate")
def keep_study(actor: Actor, study: Study, *, result: dict[str, Any], problem: str = "") -> None:
    """Keep what a study found, or why it found nothing."""
    study.result, study.problem = result, problem[:1000]
    study.state = Study.State.FAILED if problem else Study.State.DONE
    study.save(update_fields=["result", "problem", "state"])
