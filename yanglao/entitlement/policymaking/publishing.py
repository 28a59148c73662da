"""What publishing a draft does: the last check, the second person, the text that takes the place of the one before."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.actions import put_in_force
from yanglao.entitlement.benefits.offered.queries import texts_of
from yanglao.entitlement.policymaking.checking import Checked, check
from yanglao.entitlement.policymaking.models import Draft, Publication
from yanglao.entitlement.policymaking.yaml_edit import Unreadable, at, load
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Span, everything


def fit(draft: Draft) -> Checked:
    """What the check says of a draft. Raises ValidationError unless it may be published as it is."""
    checked = check(draft.name, draft.text, texts_of(draft.city))
    if not checked.right or (checked.policy is None and not _is_standard(draft.text)):
        raise ValidationError(_("草稿还有 %(n)s 处问题，改正之后才能发布。") % {"n": max(checked.number, 1)})
    if checked.policy and checked.policy.division not in Span.of(draft.division_id):
        raise ValidationError(_("政策写的区划不在您的辖区内，请改正 division。"))
    return checked


def _is_standard(text: str) -> bool:
    """A file of shared standards has no policy of its own."""
    try:
        return at(load(text), ("kind",)) == "standard"
    except Unreadable:
        return False


def by_another(actor: Actor, draft: Draft) -> None:
    """Raises ValidationError when the one who wrote the version or handed it over would publish it himself."""
    if actor.user_id is not None and actor.user_id in _writers(draft):
        raise ValidationError(_("编写的人不能自己发布，须由另一位有发布权限的人发布。"))


def publish(actor: Actor, draft: Draft, comment: str) -> Publication:
    """Put a submitted draft in force from its day on. Called inside the step that publishes.

    Raises ValidationError when it may not be published by this person, in this state, or as it is.
    """
    if draft.state != Draft.State.SUBMITTED or draft.effective_on is None:
        said = {"state": draft.get_state_display()}
        raise ValidationError(_("这份草稿是“%(state)s”，不能进行这一步。") % said)
    if actor.user_id is None:
        raise ValidationError(_("发布须由人签署。"))
    by_another(actor, draft)
    checked = fit(draft)
    made = Publication.objects.create(
        division_id=draft.division_id,
        city=draft.city,
        name=draft.name,
        policy=checked.policy.id if checked.policy else "",
        title=draft.title,
        draft=draft,
        before=texts_of(draft.city).get(draft.name, ""),
        text=draft.text,
        effective_on=draft.effective_on,
        reason=draft.reason,
        author_id=draft.author_id,
        author=draft.author,
        publisher_id=actor.user_id,
        publisher=actor.name,
    )
    draft.state, draft.answer = Draft.State.PUBLISHED, comment[:400]
    draft.save()
    if made.effective_on <= timezone.localdate():
        start(made)
    return made


def give_back(draft: Draft, reason: str) -> None:
    """To its author, who writes on. Called inside the step that returns it."""
    draft.state, draft.answer = Draft.State.OPEN, reason[:400]
    draft.save()


def _writers(draft: Draft) -> set[int]:
    """Who wrote the version that is to be published, or handed it over."""
    wrote = draft.versions.filter(number=draft.number).values_list("user_id", flat=True)
    return {u for u in (*wrote, draft.author_id) if u is not None}


def start(made: Publication) -> None:
    """Put a publication in force: the one before is replaced."""
    with everything("a publication takes the place of the one before"):
        before = Publication.objects.filter(city=made.city, name=made.name, state=Publication.State.STANDING)
        before.update(state=Publication.State.REPLACED, ended_at=timezone.now())
        put_in_force(made.city, made.name, made.text)
        made.state, made.started_at = Publication.State.STANDING, timezone.now()
        made.save(update_fields=["state", "started_at"])
