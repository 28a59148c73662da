# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of contacts and guardians (联系人和监护人)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Appointment, Contact, GuardianKind, Person, Relation, Role
from yanglao.registers.people.rules.cells import name
from yanglao.registers.people.sheets import known
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    date,
    integer,
    phone,
    text,
)
from yanglao.shell.sheets import mark as _

NO_DOCUMENT = Problem(
    _("缺少依据文书"), _("指定监护和意定监护要有依据"), _("填写判决书、指定书或公证书的编号")
)
LATER = Problem(
    _("已经不能撤销"), _("导入的联系人后来又登记了监护、代办或同意"), _("请先终止那些登记，或逐人更正")
)
ADDED, CHANGED, SAME, GUARDIANS = _("新增联系人"), _("更新电话"), _("没有变化"), _("登记监护")
YES = {"是": True, "否": False}


def documented(row: Any) -> Iterable[Finding]:
    """Appointed and agreed guardians have a document."""
    if row.kind in (GuardianKind.DESIGNATED, GuardianKind.AGREED) and not row.document:
        yield at(row, "document", NO_DOCUMENT)


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Every row names a person whose file stands, in reach."""
    files = known.persons(row.id_number for row in rows)
    for row in rows:
        if row.id_number is not None:
            yield from known.findings(row, "id_number", row.elder, files.get(row.id_number.number), context)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write all rows. A contact known by the same name is kept when the telephone is the same or not given;
    otherwise a new row takes his place. Nothing else of him changes.
    """
    counts: Counter[str] = Counter({ADDED: 0, CHANGED: 0, SAME: 0, GUARDIANS: 0})
    done = 0
    for rows in batches:
        with everything("the persons an import holds"):
            files = known.persons((row.id_number for row in rows), lock=True)
            contacts = _contacts(files.values())
            for row in rows:
                person = files[row.id_number.number]
                counts.update(_row(row, person, contacts.setdefault(person.pk, []), context))
        done += len(rows)
        context.progress(done)
    return dict(counts)


def _contacts(people: Iterable[Person]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    for chunk in in_chunks({p.pk for p in people}):
        for contact in Contact.objects.filter(person__in=chunk, removed_at=None).order_by("turn", "id"):
            found.setdefault(contact.person_id, []).append(contact)
    return found


def _row(row: Any, person: Person, contacts: list[Contact], context: CommitContext) -> Iterable[str]:
    old = next((c for c in contacts if c.name == row.name), None)
    if old is not None and (not row.phone or old.phone.reveal() == row.phone):
        contact, counted = old, SAME
    else:
        contact = _new(row, person, contacts, old, context)
        counted = CHANGED if old else ADDED
    yield counted
    if (
        row.kind
        and not Appointment.objects.filter(contact=contact, role=Role.GUARDIAN, valid_to=None).exists()
    ):
        _appoint(row, contact, context)
        yield GUARDIANS


def _new(
    row: Any, person: Person, contacts: list[Contact], old: Contact | None, context: CommitContext
) -> Contact:
    now = timezone.now()
    made = Contact(
        person=person,
        name=row.name,
        relation=row.relation or (old.relation if old else Relation.OTHER),
        phone=row.phone or "",
        has_key=bool(row.has_key) if row.has_key is not None else bool(old and old.has_key),
        guardian=bool(row.kind) or bool(old and old.guardian),
        turn=row.turn or (old.turn if old else len(contacts) + 1),
        verified_on=row.verified_on,
        note=row.note or "",
        source=context.source,
        added_at=now,
    )
    made.save()
    if old is not None:
        old.removed_at = now
        old.save()
        Appointment.objects.filter(contact=old).update(contact=made)
        contacts.remove(old)
    contacts.append(made)
    return made


def _appoint(row: Any, contact: Contact, context: CommitContext) -> None:
    Appointment.objects.create(
        person_id=contact.person_id,
        contact=contact,
        role=Role.GUARDIAN,
        kind=row.kind,
        document=row.document or "",
        valid_from=row.since or context.today,
        source=context.source,
    )
    Contact.objects.filter(pk=contact.pk).update(guardian=True)


def undo(context: UndoContext) -> None:
    """Take the import back: its guardians and contacts go, those they replaced are called again."""
    with everything("an import is taken back whole"):
        Appointment.objects.filter(source=context.source).delete()
        for made in Contact.objects.filter(source=context.source).order_by("id"):
            old = Contact.objects.filter(
                person_id=made.person_id, name=made.name, removed_at=made.added_at
            ).order_by("id").first()  # fmt: skip
            if old is not None:
                Appointment.objects.filter(contact=made).update(contact=old)
                Contact.objects.filter(pk=old.pk).update(removed_at=None)
            try:
                made.delete()
            except ProtectedError:
                raise UndoRefused(LATER) from None


def _relations() -> dict[str, str]:
    return {str(label): value for value, label in Relation.choices if value != "self"}


CONTACTS = ImportTemplate(
    name="people.contacts",
    label=gettext_lazy("联系人和监护人"),  # type: ignore[arg-type]
    right="people.import",
    columns=[
        Column("老人姓名", "elder", parse=name, required=True, synonyms=("老年人姓名",), example="张三"),
        known.id_column("老人身份证号", "id_number", required=True, synonyms=("公民身份号码", "身份证号")),
        Column("联系人姓名", "name", parse=name, required=True, synonyms=("联系人", "家属姓名")),
        Column("与老人关系", "relation", choices=_relations, synonyms=("联系人关系", "关系")),
        Column(
            "联系电话", "phone", parse=phone(), sensitive=True, synonyms=("联系人电话", "手机号码", "电话")
        ),
        Column("拨打顺序", "turn", parse=integer(1, 99), note=_("1 为最先拨打；不填即排在最后"), example="1"),
        Column("有钥匙", "has_key", choices=YES, synonyms=("有老人家钥匙",)),
        Column("核实日期", "verified_on", parse=date(latest=dt.date.today)),
        Column(
            "监护类型",
            "kind",
            choices={str(label): value for value, label in GuardianKind.choices},
            note=_("是监护人的才填"),
        ),
        Column("依据文书", "document", parse=text(100), note=_("指定监护、意定监护必填")),
        Column("监护起始日期", "since", parse=date(latest=dt.date.today), note=_("不填按导入当日")),
        Column("备注", "note", parse=text(100)),
    ],
    row_checks=(documented,),
    unique=(("id_number", "name"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=100_000,
    instructions=(
        _("按老人的公民身份号码识别，没有档案的先建档。"),
        _("同名的联系人已经登记的：电话相同不重复登记，电话不同的以这张表为准，原来的一条停用。"),
        _("表上没有的联系人不受影响。"),
    ),
    description=_("登记老年人的联系人和监护人"),
)
