"""Looking for doubles: every night, and after a roster."""

from __future__ import annotations

import datetime as dt

import duckdb
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.jobs import JobContext, JobFailed, enqueue, job
from yanglao.registers.people.events import PeopleImported, PersonMerged, PersonUnmerged

from . import actions, queries
from .models import Search

WHOLE_EVERY = dt.timedelta(days=7)
MARGIN = dt.timedelta(hours=2)  # a transaction may commit long after the moment it wrote into its rows


@job("doubles.find", daily=dt.time(2, 40), retries=1, label=gettext_lazy("查找疑似重复"))
def find(ctx: JobContext) -> None:
    """Files changed since the last search against the whole register; once a week, and when the rule is another,
    all against all: a name that has become common weighs less, and files that a merge let go are tidied away."""
    started = timezone.now()
    asked = _changed()
    ctx.progress(0, 2, _("正在比对"))
    try:
        pairs = [] if asked == [] else list(queries.suspects(asked))
    except duckdb.OutOfMemoryException as error:
        raise JobFailed(_("内存不足，没有比对完：请在空闲时重试，或给服务器增加内存。")) from error
    ctx.check_cancelled()
    ctx.progress(1, 2, _("正在登记"))
    ctx.once("keep", lambda: actions.keep(ctx.actor, pairs=pairs, asked=asked, started_at=started))


def _changed() -> list[int] | None:
    """Who is to be looked at; None: all."""
    rule = queries.weights().mark
    whole = Search.objects.filter(whole=True).order_by("-pk").first()
    last = queries.last_search()
    if whole is None or last is None or whole.rule != rule or timezone.now() - whole.started_at > WHOLE_EVERY:
        return None
    return queries.changed_since(last.started_at - MARGIN)


def find_again(event: PeopleImported) -> None:
    """After a roster its files are looked at, by a job."""
    enqueue(Actor.system("doubles.find", "job"), find, key=f"doubles.find:{event.source}")


def on_merged(event: PersonMerged) -> None:
    """A merge settles the pair, whoever made it and from which page."""
    actions.merged(Actor.system("people.merge", "job"), kept_id=event.kept_id, dropped_id=event.dropped_id)


def on_unmerged(event: PersonUnmerged) -> None:
    """A merge that was undone says that the two are different persons."""
    actions.unmerged(
        Actor.system("people.unmerge", "job"), kept_id=event.kept_id, dropped_id=event.dropped_id
    )
