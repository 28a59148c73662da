"""The visitor's form without signal 离线补问: of the persons of his community, what is missing or old, and only that.

What he brings back is held against the file: where it says something else by now than when he took it along, his
answer is kept aside, shown as a conflict and changes nothing; his other answers are recorded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import OfflineAnswer, OfflineDoor, OfflineForm, OfflineRecord, OfflineTask
from yanglao.kernel.scope import Level, everything
from yanglao.registers.people import actions, completeness, finding
from yanglao.registers.people.actions.asking import NONE, SAME
from yanglao.registers.people.completeness_file import Item, items
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Circumstance, Contact, Heard, Person, Relation
from yanglao.registers.people.moments import today, true_on
from yanglao.registers.people.recording import writable
from yanglao.registers.people.rules import names

KIND, SHEET, VISITOR = "asking", "visitor", "visitor"
RIGHT = "people.edit"
VISIT = "探访"  # i18n: data
NEW_CONTACT = ("contact_name", "contact_relation", "contact_phone")
MOST = 500
"""Persons a phone takes along at most, those of whom least is known first: a large village has about as many."""


# --- what the file says ---------------------------------------------------------------------------------------------


@dataclass
class File:
    """What the file says of a person now, as far as visitors ask."""

    person: Person
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    none: set[str] = field(default_factory=set)
    contacts: list[Contact] = field(default_factory=list)

    def says(self, what: str) -> str:
        """In words, personal data masked; "" when it says nothing."""
        if what == "contact":
            return "、".join(f"{c.get_relation_display()} {c.name} {c.phone}".strip() for c in self.contacts)
        if what in ("phone", "address"):
            return str(getattr(self.person, what))
        return "、".join(kinds()[what].name_of(value) for value in self.facts[what])

    def mark(self, what: str) -> str:
        """Changes when what the file says of it changes."""
        if what == "contact":
            said: Any = [(c.pk, c.name, c.relation, _blob(c.phone)) for c in self.contacts]
        elif what in ("phone", "address"):
            said = _blob(getattr(self.person, what))
        else:
            said = self.facts[what] or (NONE if what in self.none else "")
        return hashlib.sha256(repr(said).encode()).hexdigest()[:12]

    def agrees(self, what: str, answer: str) -> bool:
        """Whether the file says just that already."""
        if answer == NONE:
            return not self.facts[what] and what in self.none
        return answer in self.facts[what]


def _blob(sealed: Any) -> bytes:
    return sealed.blob or b""


def files(people: Sequence[Person]) -> dict[int, File]:
    """The files of persons, three queries for each five hundred."""
    found = {person.pk: File(person) for person in people}
    for chunk in in_chunks(found):
        rows = Circumstance.objects.filter(true_on(today()), person__in=chunk, replaced_at=None)
        for row in rows.order_by("kind", "valid_from", "id"):
            found[row.person_id].facts[row.kind].append(row.value)
        for contact in Contact.objects.filter(person__in=chunk, removed_at=None).order_by("turn", "id"):
            found[contact.person_id].contacts.append(contact)
        for person, what in (
            Heard.objects.filter(person__in=chunk, nothing=True).order_by().values_list("person", "what")
        ):
            found[person].none.add(what)
    return found


# --- what is taken along --------------------------------------------------------------------------------------------


def tasks(actor: Actor) -> list[OfflineTask]:
    """The persons of his community of whom something is missing or old, the least known first."""
    with everything("bounded here to where he may record"):
        rows = Person.objects.within(actor.spans(RIGHT), "residence")
        people = list(
            rows.filter(completeness.with_gap(VISITOR, today()), closed_on=None).order_by("pk")[: MOST * 4]
        )
        standings = completeness.standings(people)
        chosen = sorted(people, key=lambda p: (standings[p.pk].score, p.pk))[:MOST]
        known, marks = files(chosen), finding.marks(chosen)
    return [_task(known[p.pk], standings[p.pk].asked_by(VISITOR), marks[p.pk]) for p in chosen]


def _task(file: File, gaps: Sequence[completeness.Gap], mark: str) -> OfflineTask:
    person = file.person
    asked = _asked(file, gaps)
    told = (
        person.get_sex_display(),
        _("%(n)d 岁") % {"n": person.age()},
        _("要问 %(n)d 项") % {"n": len(gaps)},
    )
    return OfflineTask(
        subject=str(person.pk),
        sheet=SHEET,
        title=names.masked(person.name),
        detail=" ".join(map(str, told)),
        division=person.residence_id,
        facts={_("居住地"): full_name(person.residence_id, below=Level.CITY)},
        door=mark,
        asks=asked,
        basis={what: file.mark(what) for what in {_about(code) for code in asked}},
    )


def _asked(file: File, gaps: Sequence[completeness.Gap]) -> dict[str, str]:
    """Code of the item → what the file says."""
    found: dict[str, str] = {}
    for gap in gaps:
        what = gap.item.heard_as
        if what != "contact":
            found[what] = file.says(what)
        else:
            found |= {"contact": file.says(what)} if file.contacts else {}
            found |= dict.fromkeys(NEW_CONTACT, "")
    return found


def _about(code: str) -> str:
    """What an item of the form asks about: the three of a new contact are about contacts."""
    return "contact" if code in NEW_CONTACT else code


def doors(actor: Actor, subjects: Sequence[str]) -> dict[str, OfflineDoor]:
    """How the persons are found whom he may visit."""
    numbers = [int(subject) for subject in subjects if subject.isdigit()]
    with everything("bounded here to where he may record"):
        rows = Person.objects.within(actor.spans(RIGHT), "residence")
        people = [p for chunk in in_chunks(numbers) for p in rows.filter(pk__in=chunk).order_by("pk")]
        found = finding.doors(actor, people, purpose=_("补问：带到现场"))
    return {str(pk): door for pk, door in found.items()}


def number(actor: Actor, subject: str, key: str) -> str:
    """One telephone number in clear, recorded. Raises ValidationError and Forbidden."""
    return finding.number(actor, _person(actor, subject), key, purpose=_("补问：联系老年人"))


def _person(actor: Actor, subject: str) -> Person:
    """The person, when he may record there. Raises ValidationError and Forbidden."""
    with everything("the person of a form; the right is asked below"):
        person = Person.objects.filter(pk=int(subject) if subject.isdigit() else 0).first()
    if person is None:
        raise ValidationError(_("没有这份档案，可能已并入另一份。填写的内容已保留，请与街道联系。"))
    actor.require(RIGHT, *person.scope_codes())
    return person


# --- the sheet ------------------------------------------------------------------------------------------------------


def sheets(wanted: Iterable[str]) -> dict[str, Any]:
    return dict.fromkeys(wanted, sheet())


def sheet() -> dict[str, Any]:
    """All questions a visitor may ask; a task says which of them are asked of its person."""
    asked = [item for item in items().values() if item.asks == VISITOR and item.record != "account"]
    reached = [q for item in asked if not item.fact for q in _questions(item)]
    lives = [q for item in asked if item.fact for q in _questions(item)]
    return {
        "title": _("补问表"),
        "steps": [
            {"title": _("联系方式"), "items": reached},
            {"title": _("生活情况"), "items": lives},
        ],
        "sum": None,
        "photos": 0,
        "signatures": [],
    }


def _questions(item: Item) -> Iterator[dict[str, Any]]:
    if item.record == "contact":
        yield from _contact()
    elif item.fact:
        yield _choice(item)
    else:
        yield {
            "code": item.column,
            "label": str(item),
            "enter": _("新的%(item)s") % {"item": item},
            "kind": "text",
            "most": 200,
            "options": [_same()],
        }


def _same() -> dict[str, Any]:
    return {"value": SAME, "label": _("没有变化"), "known": True}


def _choice(item: Item) -> dict[str, Any]:
    kind = kinds()[item.fact]
    first = [] if kind.renews else [_same()]
    none = [{"value": NONE, "label": _("没有这种情况")}] if item.may_be_none else []
    values = [{"value": value, "label": str(label)} for value, label in kind.values.items()]
    return {"code": item.fact, "label": str(item), "kind": "choice", "options": [*first, *none, *values]}


def _contact() -> Iterator[dict[str, Any]]:
    reached = [{"value": SAME, "label": _("打通了电话，没有变化"), "known": True}]
    relations = [{"value": value, "label": str(label)} for value, label in Relation.choices]
    new = _("要增加联系人时填写。")
    yield {"code": "contact", "label": _("联系人"), "kind": "choice", "options": reached}
    name, relation, phone = NEW_CONTACT
    yield {"code": name, "label": _("联系人姓名"), "help": new, "kind": "text", "most": 50}
    yield {"code": relation, "label": _("与老人关系"), "help": new, "kind": "choice", "options": relations}
    yield {"code": phone, "label": _("联系人电话"), "help": new, "kind": "text", "most": 30}


# --- what comes back ------------------------------------------------------------------------------------------------


def receive(actor: Actor, record: OfflineRecord) -> OfflineAnswer:
    """Record what still fits the file as it was taken along; what does not is a conflict and changes nothing.

    Raises ValidationError (nothing is recorded, what was sent is kept) and Forbidden.
    """
    person = _person(actor, record.subject)
    writable(actor, person)  # locks: two visitors of one person come one after the other
    with everything("the person an action holds"):
        file = files([person])[person.pk]
    answers, contact = _given(record.answers)
    late = [what for what in answers if _changed(file, record.basis, what, answers[what])]
    late += (
        ["contact"] if contact and "contact" not in late and _changed(file, record.basis, "contact") else []
    )
    fit = {what: answer for what, answer in answers.items() if what not in late}
    new = contact if "contact" not in late else None
    if fit or new:
        on = timezone.localtime(record.made_at).date()
        actions.answer_questions(actor, person, answers=fit, on=on, source=VISIT, contact=new)
    elif not late:
        raise ValidationError(_("还没有填写任何一项：至少回答一项，没有问到的不用填。"))
    return _answer(person, len(fit) + bool(new), late)


def _changed(file: File, basis: Mapping[str, str], what: str, answer: str = "") -> bool:
    """Whether the file says something else than when it was taken along, and not what is answered."""
    return file.mark(what) != basis.get(what) and not (answer and file.agrees(what, answer))


def _given(sent: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str] | None]:
    """(answers, somebody new to call). Raises ValidationError for what the form does not ask."""
    asked = {item.heard_as for item in items().values() if item.asks == VISITOR}
    if strange := [code for code in sent if _about(code) not in asked]:
        raise ValidationError(_("表里没有这几项：%(items)s。") % {"items": "、".join(sorted(strange))})
    said = {code: str(value).strip() for code, value in sent.items() if str(value).strip()}
    contact = {code.removeprefix("contact_"): said.pop(code, "") for code in NEW_CONTACT}
    if any(contact.values()) and not (contact["name"] and contact["relation"]):
        raise ValidationError(_("增加联系人要填姓名和与老人关系。"))
    return said, contact if contact["name"] else None


def _answer(person: Person, count: int, late: Sequence[str]) -> OfflineAnswer:
    told = {item.heard_as: str(item) for item in items().values()}
    url, division = person.get_absolute_url(), person.residence_id
    done = _("已登记 %(n)d 项。") % {"n": count}
    if not late:
        return OfflineAnswer("accepted", done, url=url, division=division)
    kept = _("带走之后档案已有变化：%(items)s。这几项没有改动档案，您填的已保留，由街道核对。") % {
        "items": "、".join(told[what] for what in late)
    }
    return OfflineAnswer("conflict", (done if count else "") + kept, url=url, division=division)


FORM = OfflineForm(KIND, gettext_lazy("补问"), RIGHT, tasks, sheets, receive, doors, number, owed=False)
