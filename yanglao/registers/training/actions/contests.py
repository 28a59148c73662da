"""Contests: items, judges, entries, marks, results; honours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.training.models import Award, Contest, Entry, Item, Judge, Score
from yanglao.registers.training.results import results
from yanglao.registers.training.rules.colleagues import Works, colleagues

State = Contest.State


def _where(arguments: dict[str, Any]) -> tuple[Contest, ...]:
    """The contest as it would be."""
    return (Contest(division_id=arguments["division"], organisation_id=arguments["organisation_id"]),)


@action("training.add_contest", right="training.edit", at=_where)
def add_contest(
    actor: Actor,
    *,
    division: int,
    organisation_id: int | None = None,
    items: Sequence[tuple[str, int, int]],
    **fields: Any,
) -> Contest:
    """A contest with its items (name, full mark, weight). Raises ValidationError."""
    contest = Contest(division_id=division, organisation_id=organisation_id, **fields)
    with everything("the contest an action makes"):
        contest.full_clean(exclude=["division", "organisation"])
        if not items:
            raise ValidationError({"items": _("请至少写一个竞赛项目。")})
        contest.save()
        for name, full, weight in items:
            item = Item(contest=contest, name=name, full=full, weight=weight)
            item.full_clean(exclude=["contest"])
            item.save()
    return contest


@action("training.add_judge", right="training.edit")
def add_judge(
    actor: Actor, contest: Contest, *, name: str, workplace: str, place: Any = None, worker: Any = None
) -> Judge:
    """A judge. Raises ValidationError once results are out."""
    _still_open(contest)
    judge = Judge(contest=contest, name=name.strip(), workplace=workplace.strip(), place=place, worker=worker)
    with everything("the contest an action holds"):
        judge.full_clean(exclude=["contest", "place", "worker"])
        judge.save()
    return judge


@action("training.add_entry", right="training.edit")
def add_entry(
    actor: Actor,
    contest: Contest,
    *,
    name: str,
    workplace: str,
    members: str = "",
    place: Any = None,
    worker: Any = None,
) -> Entry:
    """One who competes, or a team; he gets the next number. Raises ValidationError."""
    _still_open(contest)
    with everything("the contest an action holds"):
        last = Entry.objects.filter(contest=contest).aggregate(last=Max("number"))["last"] or 0
        entry = Entry(
            contest=contest, number=last + 1, name=name.strip(), workplace=workplace.strip(),
            members=members.strip(), place=place, worker=worker,
        )  # fmt: skip
        entry.full_clean(exclude=["contest", "place", "worker"])
        entry.save()
    return entry


def _still_open(contest: Contest) -> None:
    if contest.state == State.PUBLISHED:
        raise ValidationError(_("成绩已公布，不能再改。"))


@action("training.score", right="training.edit")
def score(actor: Actor, judge: Judge, *, marks: Mapping[tuple[int, int], Decimal | None]) -> int:
    """A judge's marks: (entry, item) → mark, None takes one back. Returns how many changed.

    Raises ValidationError for a colleague of the judge, a mark above the item's full mark, or published results.
    """
    with everything("the contest an action holds"):
        contest = Contest.objects.select_for_update(of=("self",)).get(pk=judge.contest_id)
        _still_open(contest)
        entries = {entry.pk: entry for entry in Entry.objects.filter(contest=contest)}
        items = {item.pk: item for item in Item.objects.filter(contest=contest)}
        known = {(s.entry_id, s.item_id): s for s in Score.objects.filter(judge=judge).order_by("pk")}
        changed = 0
        for (entry_pk, item_pk), mark in marks.items():
            if entry_pk not in entries or item_pk not in items:
                raise ValidationError(_("参赛者或项目不属于这场竞赛：请刷新页面。"))
            if mark is not None:
                _may_score(judge, entries[entry_pk], items[item_pk], mark)
            changed += _put(judge, entry_pk, item_pk, mark, known.get((entry_pk, item_pk)))
        if contest.state == State.OPEN and changed:
            Contest.objects.filter(pk=contest.pk).update(state=State.SCORING)
    note(judge=judge.pk, changed=changed)
    return changed


def _may_score(judge: Judge, entry: Entry, item: Item, mark: Decimal) -> None:
    if colleagues(works(judge), works(entry)):
        text = _("%(judge)s与%(number)s号参赛者同一单位，应当回避，不能评分。")
        raise ValidationError(text % {"judge": judge.name, "number": entry.number}, code="colleague")
    if not 0 <= mark <= item.full:
        text = _("“%(item)s”的分数应为0至%(full)s。")
        raise ValidationError(text % {"item": item.name, "full": item.full})


def works(one: Judge | Entry) -> Works:
    """Where a judge or an entry works."""
    return Works(one.workplace, one.place_id, one.worker_id)


def _put(judge: Judge, entry: int, item: int, mark: Decimal | None, known: Score | None) -> bool:
    wanted = None if mark is None else int(mark * 100)
    if (known.marks if known else None) == wanted:
        return False
    if wanted is None and known is not None:
        Score.objects.filter(pk=known.pk).delete()
    elif wanted is not None:
        Score.objects.update_or_create(judge=judge, entry_id=entry, item_id=item, defaults={"marks": wanted})
    return True


@action("training.publish_contest", right="training.edit")
def publish_contest(actor: Actor, contest: Contest) -> None:
    """Make results known; from now on they stand. Raises ValidationError while marks are missing."""
    _still_open(contest)
    with everything("the contest an action holds"):
        found = results(contest)
        missing = [line for line in found.lines if line.ranked.total is None]
        if not found.lines:
            raise ValidationError(_("还没有参赛者。"))
        if missing:
            text = _("%(number)s号参赛者的分数不全：每个项目至少要有一名评委评分。")
            raise ValidationError(text % {"number": missing[0].entry.number})
        if contest.ends_on > timezone.localdate():
            raise ValidationError(_("竞赛还没有结束，不能公布成绩。"))
    contest.state, contest.published_at = State.PUBLISHED, timezone.now()
    contest.save(update_fields=["state", "published_at"])
    note(entries=len(found.lines))


@action("training.give_award", right="training.edit", at=lambda a: (a["division"],))
def give_award(actor: Actor, *, division: int, title: str, to: str, on: dt.date, **fields: Any) -> Award:
    """An honour for a person, a team or a place. Raises ValidationError."""
    award = Award(division_id=division, title=title.strip(), to=to.strip(), on=on, **fields)
    if on > timezone.localdate():
        raise ValidationError({"on": _("授予日期在今天之后：请核对。")})
    with everything("the honour an action gives"):
        award.full_clean(exclude=["division", "place", "contest", "entry", "file"])
        award.save()
    return award


@action("training.withdraw_award", right="training.edit")
def withdraw_award(actor: Actor, award: Award, *, reason: str) -> None:
    """Take an honour back; the row stays."""
    note(reason=reason.strip())
    award.withdrawn_on = timezone.localdate()
    award.save(update_fields=["withdrawn_on"])


@action("training.award_contest", right="training.edit")
def award_contest(
    actor: Actor, contest: Contest, *, titles: Mapping[int, str], on: dt.date, document: str = ""
) -> list[Award]:
    """Prizes of a published contest by place: 1 → 一等奖, 2 → 二等奖 …; those who share a place all get it.

    Given once: who has the title of this contest already is left out. Raises ValidationError before results are out.
    """
    if contest.state != State.PUBLISHED:
        raise ValidationError(_("先公布成绩，再颁奖。"))
    with everything("the contest an action holds"):
        had = set(Award.objects.filter(contest=contest, withdrawn_on=None).values_list("entry_id", "title"))
        made = []
        for line in results(contest).lines:
            title = titles.get(line.ranked.place or 0, "").strip()
            if not title or (line.entry.pk, title) in had:
                continue
            entry = line.entry
            award = Award(
                title=title, level=contest.level, to=entry.name, workplace=entry.workplace, place_id=entry.place_id,
                division_id=contest.division_id, contest=contest, entry=entry, on=on, document=document.strip(),
            )  # fmt: skip
            award.full_clean(exclude=["division", "place", "contest", "entry", "file"])
            award.save()
            made.append(award)
    note(awards=len(made))
    return made
