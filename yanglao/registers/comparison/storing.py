"""What a compared file leaves behind: its accounting, confirmations of facts, and clues. Called by the job."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import working_calendar
from yanglao.kernel.cases.actions import open_case
from yanglao.kernel.cases.models import Task
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.crypto.masks import MASKS
from yanglao.kernel.identifiers import ResidentId
from yanglao.kernel.scope import Level, Span, everything, level_of
from yanglao.registers.comparison.comparing import FINDINGS, MATCHES, Outcome
from yanglao.registers.comparison.models import Clue, Confirmation, Delivery
from yanglao.registers.comparison.reading import WrongId, title_of
from yanglao.registers.comparison.sources import CARRIED, Source
from yanglao.registers.people.actions import hear
from yanglao.registers.people.queries import Identity, holders, identities

FINGERPRINT = "comparison.clue.fingerprint"
PROCESS = "clue"
"""standards/processes/clue.yaml, or a city's own."""
_MASKED = {"id_number": "id_number", "phone": "phone", "address": "address"}


@action("comparison.store", right="comparison.upload")
def store_part(actor: Actor, delivery: Delivery, source: Source, outcomes: Sequence[Outcome]) -> None:
    """Account for some rows: clues for what is news, confirmations for what agrees. Nothing of a person changes."""
    hits = [o for o in outcomes if o.finding]
    with everything("the persons and clues of a comparison"):
        raise_clues(delivery, source, [o for o in hits if o.finding == "news"])
        agreed = [o for o in hits if o.finding == "agrees"]
        _confirm(delivery, source, agreed)
        close_agreed(source, agreed)
    counts = Counter(o.match for o in outcomes) + Counter(o.finding for o in hits)
    _add(delivery, {"rows": len(outcomes), **{name: counts[name] for name in (*MATCHES, *FINDINGS)}})
    note(rows=len(outcomes), **{name: counts[name] for name in FINDINGS if counts[name]})


def _add(delivery: Delivery, counts: dict[str, int]) -> None:
    values = {name: F(name) + n for name, n in counts.items() if n}
    if values:
        with everything("the accounting of a file"):
            Delivery.objects.filter(pk=delivery.pk).update(**values)


# --- clues ------------------------------------------------------------------------------------------------------


def raise_clues(delivery: Delivery, source: Source, news: Sequence[Outcome]) -> None:
    """A new clue for each, unless it is open already or the same row was dismissed; sets `finding` to what it was."""
    before = _clues_of(source, [o.person.pk for o in news if o.person])
    due = working_calendar().add(timezone.localdate(), source.deadline)
    made = []
    for outcome in news:
        clue = _clue(delivery, source, outcome, due)
        earlier = before.get((clue.person_id, clue.says, clue.slot), [])
        outcome.finding = _meets(clue, earlier, delivery)
        if outcome.finding == "news":
            made.append(clue)
    open_clues(source, made)


def open_clues(source: Source, clues: Sequence[Clue]) -> None:
    """Keep new clues, each with its case for the street worker."""
    Clue.objects.bulk_create(clues, batch_size=500)
    persons = identities(clue.person_id for clue in clues)
    for clue in clues:
        if level_of(clue.division_id) >= Level.STREET:
            _open_case(source, clue, persons[clue.person_id].name)
    Clue.objects.bulk_update(clues, ["case", "due_on"], batch_size=500)


def _open_case(source: Source, clue: Clue, name: str) -> None:
    """The case of a clue, with the source's own deadline. Nobody below a county can be found for some addresses:
    those clues have no case and are checked by whoever sees them."""
    case = open_case(
        Actor.system(gettext("数据比对"), "job"),
        PROCESS,
        title=f"{name}：{clue.suggestion}（{source.label}）",
        division=clue.division_id,
        subject=("people.person", clue.person_id),
        key=f"clue {clue.uid}",
        days=source.deadline,
    )
    clue.case, clue.due_on = case, Task.objects.get(case=case, state=Task.State.OPEN).due


def _clues_of(source: Source, persons: Sequence[int]) -> dict[tuple[int, str, str], list[Clue]]:
    """Earlier clues of a source by (person, says, slot), latest first."""
    found: dict[tuple[int, str, str], list[Clue]] = {}
    for clue in Clue.objects.filter(source=source.key, kind=source.kind, person_id__in=persons).order_by(
        "-pk"
    ):
        found.setdefault((clue.person_id, clue.says, clue.slot), []).append(clue)
    return found


def _meets(clue: Clue, earlier: Sequence[Clue], delivery: Delivery) -> str:
    """What a clue is beside earlier ones of the same person: again, settled_before or news."""
    last = next(iter(earlier), None)
    if last is not None and last.state == Clue.State.OPEN:
        _said_again(last, clue, delivery)
        return "again"
    same = next((c for c in earlier if c.state == Clue.State.DISMISSED and _same(c, clue)), None)
    if same is None:
        return "news"
    Clue.objects.filter(pk=same.pk).update(last_delivery=delivery, times=F("times") + 1)
    return "settled_before"


def _same(one: Clue, other: Clue) -> bool:
    return bytes(one.fingerprint or b"") == bytes(other.fingerprint or b"")


def _said_again(clue: Clue, new: Clue, delivery: Delivery) -> None:
    """An open clue stands in a further file; if the source has changed its row, the clue says what is new."""
    clue.last_delivery, clue.times = delivery, clue.times + 1
    if not _same(clue, new):
        clue.row = new.row.reveal()
        for name in ("value", "on", "until", "fingerprint", "shown", "how", "score", "levels"):
            setattr(clue, name, getattr(new, name))
    clue.save()


def _clue(delivery: Delivery, source: Source, outcome: Outcome, due: dt.date) -> Clue:
    told, person = outcome.told, outcome.person
    assert told is not None
    assert person is not None
    cells = _cells(source, outcome.row)
    plain = json.dumps([[title, text] for title, text, _mask in cells], ensure_ascii=False)
    return Clue(
        person_id=person.pk,
        division_id=place_of(source, person, delivery.division_id),
        source=source.key,
        says=source.says,
        kind=source.kind,
        slot=source.circumstance.slot(told.value),
        value=told.value,
        on=told.on,
        until=told.until,
        fingerprint=_fingerprint(source, person.pk, told.value, told.on, told.until, plain),
        row=plain,
        shown=[[title, MASKS[mask](text) if mask and text else text] for title, text, mask in cells],
        how=outcome.match,
        score=outcome.score,
        levels=dict(outcome.levels),
        first_delivery=delivery,
        last_delivery=delivery,
        due_on=due,
    )


def _cells(source: Source, row: Any) -> list[tuple[str, str, str]]:
    """(heading, text, mask) of what the row carries."""
    found = []
    for carried in CARRIED:
        if (value := getattr(row, carried, None)) is not None:
            found.append((title_of(source, carried), _text(value, carried), _MASKED.get(carried, "")))
    return found


def _text(value: Any, carried: str) -> str:
    if isinstance(value, ResidentId):
        return value.number
    if isinstance(value, WrongId):
        return value.text
    if carried == "sex":
        return "男" if value == 1 else "女"  # i18n: data
    return str(value)


def _fingerprint(source: Source, *parts: object) -> bytes:
    return blind_index(FINGERPRINT, "\x1f".join([source.key, *map(str, parts)]))


def place_of(source: Source, person: Identity, division: int) -> int:
    """Whose street checks: by residence or hukou as the source says, but within the file's own division."""
    first, other = (
        (person.hukou, person.residence) if source.by == "hukou" else (person.residence, person.hukou)
    )
    return other if first not in Span.of(division) and other in Span.of(division) else first


# --- what agrees ------------------------------------------------------------------------------------------------


def _confirm(delivery: Delivery, source: Source, agreed: Sequence[Outcome]) -> None:
    """How fresh the facts are that the file says too; a file that comes late does not make them older."""
    persons = [o.person.pk for o in agreed if o.person]
    newer = Confirmation.objects.filter(
        source=source.key, kind=source.kind, person_id__in=persons, on__gt=delivery.as_of
    )
    skip = set(newer.order_by().values_list("person_id", flat=True))
    rows = {
        o.person.pk: Confirmation(
            person_id=o.person.pk,
            source=source.key,
            kind=source.kind,
            value=o.told.value,
            on=delivery.as_of,
            delivery=delivery,
        )
        for o in agreed
        if o.person and o.told and o.person.pk not in skip
    }
    Confirmation.objects.bulk_create(
        rows.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["person", "source", "kind"],
        update_fields=["value", "on", "delivery"],
    )
    hear(rows, [source.kind], on=delivery.as_of, source=source.key)


def close_agreed(source: Source, agreed: Sequence[Outcome]) -> None:
    """Open clues of a source about what the file and the register now both say."""
    from yanglao.registers.comparison.actions import agree

    slots = {(o.person.pk, source.circumstance.slot(o.told.value)) for o in agreed if o.person and o.told}
    persons = [person for person, _slot in slots]
    open_ones = Clue.objects.filter(
        source=source.key, kind=source.kind, person_id__in=persons, state=Clue.State.OPEN
    )
    for clue in open_ones.select_related("person", "case").order_by("pk"):
        if (clue.person_id, clue.slot) in slots:
            agree(Actor.system(gettext("数据比对"), "job"), clue)


# --- who is missing from a complete list ------------------------------------------------------------------------


def absentees(delivery: Delivery, source: Source, seen: Iterable[int]) -> tuple[list[tuple[int, str]], int]:
    """Living persons of the division with the fact who are not in the file, as (person, value), and how many
    have it at all."""
    rows = holders(source.kind, source.listed, delivery.as_of, Span.of(delivery.division_id), source.by)
    there = set(seen)
    return [(person, value) for person, value in rows if person not in there], len(rows)


@action("comparison.store_absent", right="comparison.upload")
def store_absent(
    actor: Actor, delivery: Delivery, source: Source, missing: Sequence[tuple[int, str]]
) -> None:
    """An inverse clue for each: the register says so, the complete list does not."""
    with everything("the persons and clues of a comparison"):
        made = _absent_clues(delivery, source, missing)
        open_clues(source, made)
    _add(delivery, {"absent": len(made)})
    note(absent=len(made))


def _absent_clues(delivery: Delivery, source: Source, missing: Sequence[tuple[int, str]]) -> list[Clue]:
    persons = identities(person for person, _value in missing)
    before = _clues_of(source, list(persons))
    last_seen = dict(
        Confirmation.objects.filter(source=source.key, kind=source.kind, person_id__in=list(persons))
        .order_by()
        .values_list("person_id", "on")
    )
    due = working_calendar().add(timezone.localdate(), source.deadline)
    made = []
    for person, value in missing:
        clue = Clue(
            person_id=person,
            division_id=place_of(source, persons[person], delivery.division_id),
            source=source.key,
            says="ends",
            kind=source.kind,
            slot=source.circumstance.slot(value),
            value=value,
            on=delivery.as_of,
            fingerprint=_fingerprint(source, person, "absent", value, last_seen.get(person)),
            how="absent",
            first_delivery=delivery,
            last_delivery=delivery,
            due_on=due,
        )
        if _meets(clue, before.get((person, "ends", clue.slot), []), delivery) == "news":
            made.append(clue)
    return made
