"""Facts said by a workbook, and how a workbook is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.registers.places.actions.facts import counts_at_once
from yanglao.registers.places.kinds import facts
from yanglao.registers.places.models import Place, PlaceFact, Report
from yanglao.registers.places.recording import Contents, Origin, project, projection, put, refresh, take
from yanglao.shell.sheets import Problem, UndoRefused
from yanglao.shell.sheets import mark as _

LATER = Problem(
    _("已经不能撤销"),
    _("导入之后，其中{number}处的档案又有了新的登记"),
    _("请逐个更正；或先撤销那些后来的登记"),
)


@dataclass(frozen=True)
class Word:
    """Something a row says of a place: the fact holds from a day on, or (no contents) does not."""

    kind: str
    said: tuple[Contents, ...]
    since: dt.date


@dataclass
class Writing:
    """What an import writes; new places are gathered and written at once."""

    actor: Actor
    source: str
    facts: list[PlaceFact] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    may: dict[tuple[int, bool], bool] = field(default_factory=dict)

    def at_once(self, place: Place, kind: str) -> bool:
        key = (place.division_id, facts()[kind].licensed and kind != "state")
        if key not in self.may:
            self.may[key] = counts_at_once(self.actor, place, kind)
        return self.may[key]

    def new(self, place: Place, words: Iterable[Word], today: dt.date) -> None:
        """A place of which nothing was known: its facts and, from them, its projection. The place is saved here."""
        rows = []
        now = timezone.now()
        for word in words:
            for said in word.said:
                if self.at_once(place, word.kind):
                    rows.append(self._fact(word, said, now))
        _one_after_the_other(rows)
        for column, value in projection(rows, (), today).items():
            setattr(place, column, value)
        place.save(force_insert=True)
        for row in rows:
            row.place = place
        self.facts.extend(rows)
        self.reports.extend(
            self._report(place, word, said)
            for word in words
            for said in word.said
            if not self.at_once(place, word.kind)
        )

    def _fact(self, word: Word, said: Contents, now: dt.datetime) -> PlaceFact:
        return PlaceFact(
            kind=word.kind,
            slot=facts()[word.kind].slot(said.value),
            valid_from=word.since,
            recorded_at=now,
            source=self.source,
            recorded_by_id=self.actor.user_id,
            **asdict(said),
        )

    def _report(self, place: Place, word: Word, said: Contents) -> Report:
        return Report(
            place=place,
            kind=word.kind,
            valid_from=word.since,
            source=self.source,
            reported_by_id=self.actor.user_id,
            **asdict(said),
        )

    def known(self, place: Place, words: Iterable[Word]) -> bool:
        """What a row adds to a place that has a file; True if it is news. The caller holds the lock."""
        held = list(place.facts.filter(replaced_at=None).order_by("valid_from", "id"))
        news = False
        for word in words:
            if not word.said:
                news |= self._ends(place, word)
            for said in word.said:
                standing = _standing(held, word, said)
                whole = _completed(said, standing) if standing else said
                if standing is None or Contents.of(standing) != whole:
                    news |= self._say(place, word, whole)
        return news

    def _say(self, place: Place, word: Word, said: Contents) -> bool:
        if not self.at_once(place, word.kind):
            self.reports.append(self._report(place, word, said))
            return True
        origin = Origin(self.source, self.actor.user_id)
        return put(place, facts()[word.kind], said, word.since, None, origin) is not None

    def _ends(self, place: Place, word: Word) -> bool:
        """否 ends a fact that held, where the importer's word counts; for a kind with many values, all of them."""
        if not self.at_once(place, word.kind):
            return False
        held = place.facts.filter(kind=word.kind, replaced_at=None, valid_to=None).order_by("id")
        values = list(held.values_list("value", flat=True))
        origin = Origin(self.source, self.actor.user_id)
        ended = [take(place, facts()[word.kind], value, origin, word.since) for value in values]
        return any(ended)

    def flush(self) -> None:
        """Write what was gathered. A report that waits already gives way to the newer one."""
        PlaceFact.objects.bulk_create(self.facts, batch_size=1000)
        for report in self.reports:
            waiting = Report.objects.filter(place=report.place, kind=report.kind, settled_at=None)
            if not facts()[report.kind].many:
                waiting.update(settled_at=timezone.now(), outcome=Report.Outcome.REPLACED)
            else:
                waiting.filter(value=report.value).update(
                    settled_at=timezone.now(), outcome=Report.Outcome.REPLACED
                )
            report.save(force_insert=True)
        self.facts, self.reports = [], []


def _one_after_the_other(rows: list[PlaceFact]) -> None:
    """Rows of one slot hold one after the other: each ends where the next begins."""
    last: dict[tuple[str, str], PlaceFact] = {}
    for row in sorted(rows, key=lambda r: r.valid_from):
        before = last.get((row.kind, row.slot))
        if before is not None:
            before.valid_to = row.valid_from
        last[row.kind, row.slot] = row


def _standing(held: list[PlaceFact], word: Word, said: Contents) -> PlaceFact | None:
    """The row that holds on the word's first day in its slot, and still does."""
    slot = facts()[word.kind].slot(said.value)
    rows = (r for r in held if r.kind == word.kind and r.slot == slot and r.valid_to is None)
    return next((r for r in rows if r.valid_from <= word.since), None)


def _completed(said: Contents, standing: PlaceFact) -> Contents:
    """Cells a table does not have (the issuer of a licence) stay as they are on file, for the same document."""
    if said.number not in ("", standing.number):
        return said
    return replace(
        said,
        number=standing.number,
        issuer=said.issuer or standing.issuer,
        expires_on=said.expires_on or standing.expires_on,
        insured=standing.insured if said.insured is None else said.insured,
    )


def take_back_facts(source: str) -> None:
    """Known places: the facts of an import are closed, and those they replaced are known again. Raises UndoRefused."""
    written = PlaceFact.objects.filter(source=source).order_by("place_id", "id").select_related("place")
    slots: dict[tuple[int, str, str], dt.datetime] = {}
    touched: dict[int, Place] = {}
    for row in written:
        touched[row.place_id] = row.place
        slots[row.place_id, row.kind, row.slot] = row.recorded_at
    later: set[int] = set()
    for place in touched.values():
        refresh(place)
    for (place_id, kind, slot), moment in slots.items():
        rows = PlaceFact.objects.filter(place_id=place_id, kind=kind, slot=slot)
        if rows.filter(recorded_at=moment, replaced_at__isnull=False).exists():
            later.add(place_id)
            continue
        _restore(rows, moment)
    if later:
        raise UndoRefused(LATER.with_params(number=len(later)))
    Report.objects.filter(source=source, settled_at=None).delete()
    for place in touched.values():
        project(place)


def _restore(rows: object, moment: dt.datetime) -> None:
    now = max(timezone.now(), moment + dt.timedelta(microseconds=1))
    rows.filter(recorded_at=moment).update(replaced_at=now)  # type: ignore[attr-defined]
    for row in list(rows.filter(replaced_at=moment).order_by("id")):  # type: ignore[attr-defined]
        row.pk, row.recorded_at, row.replaced_at = None, now, None
        row.save(force_insert=True)
