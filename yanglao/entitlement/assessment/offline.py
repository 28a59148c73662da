"""The assessment's form without signal: assignments as tasks, a scale as a sheet of questions, what comes back.

The shape of a sheet is told in `shell/offline/README.md`. Scores are added up on the phone; the level is worked out
here alone, by `rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import actions, phone, queries
from yanglao.entitlement.assessment.models import Assignment, ScaleVersion
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import (
    OfflineAnswer,
    OfflineCall,
    OfflineDoor,
    OfflineForm,
    OfflineRecord,
    OfflineTask,
)
from yanglao.kernel.scope import everything
from yanglao.registers.people import finding
from yanglao.registers.stays.models import Stay

KIND = "assessment"
PHOTOS = 8
FINDINGS, PLACE, RELATION, INFORMANT, EVENT = "findings", "place", "relation", "informant", "event:"
MINE, COLLEAGUE = "mine", "colleague"
APPLICANT = "applicant"


# --- what is taken along -------------------------------------------------------------------------------------------


def tasks(actor: Actor) -> list[OfflineTask]:
    """The actor's assignments that he has not sent in yet, by due date."""
    rows = list(queries.mine(actor))
    sent = queries.sent_by(actor, [row.pk for row in rows])
    shown = {one["id"]: one for one in phone.my_assignments(actor)["assignments"]}
    marks = finding.marks(row.person for row in rows)
    return [
        OfflineTask(
            subject=str(row.pk),
            sheet=str(row.version_id),
            title=shown[row.pk]["person"]["name"],
            detail=_detail(shown[row.pk]),
            due=row.due_on,
            division=row.division_id,
            facts=_facts(shown[row.pk]),
            names=_names(shown[row.pk]),
            door=f"{marks[row.person_id]}{shown[row.pk]['place']}",
        )
        for row in rows
        if row.pk not in sent
    ]


def doors(actor: Actor, subjects: Sequence[str]) -> dict[str, OfflineDoor]:
    """How the persons of the actor's own assignments are found; of those in a home, the home."""
    rows = [row for row in queries.mine(actor) if str(row.pk) in set(subjects)]
    stays = {row.person_id: queries.stay_of(row.person_id) for row in rows}
    purpose = _("能力评估：带到现场")
    at_home = [row.person for row in rows if stays[row.person_id] is None]
    found = finding.doors(actor, at_home, purpose=purpose)
    return {
        str(row.pk): _with_applicant(row, found[row.person_id]) if stay is None else _in_a_home(row, stay)
        for row in rows
        for stay in (stays[row.person_id],)
    }


def _with_applicant(row: Assignment, door: OfflineDoor) -> OfflineDoor:
    """Who asked for the assessment may be called too, his number masked."""
    case = row.request.case if row.request else None
    if case is None or not case.phone or row.person.restricted_on:
        return door
    label = _("申请人 %(name)s") % {"name": case.applicant}
    return replace(door, calls=(*door.calls, OfflineCall(APPLICANT, label.strip(), str(case.phone))))


def _in_a_home(row: Assignment, stay: Stay) -> OfflineDoor:
    """A home is public: its address, its telephone; of the person only in which room he lives."""
    bed = stay.bed
    way = {
        _("住处"): stay.place.name,
        _("房间床位"): str(bed) if bed is not None else "",
        _("机构电话"): stay.place.phone,
    }
    told = {label: text for label, text in way.items() if text}
    return OfflineDoor(row.person.name, stay.place.address, told)


def number(actor: Actor, subject: str, key: str) -> str:
    """One telephone number of a person he is to assess, in clear, recorded. Raises ValidationError."""
    row = next((row for row in queries.mine(actor) if str(row.pk) == subject), None)
    if row is None:
        raise ValidationError(_("这项评估已不在您的任务中，不能查看电话。"))
    purpose = _("能力评估：联系老年人")
    if key == APPLICANT:
        return actions.reveal(actor, row, field=key, purpose=purpose)
    return finding.number(actor, row.person, key, purpose=purpose)


def _detail(one: Mapping[str, Any]) -> str:
    """What tells apart two of one family name: 女，83 岁，海曙区南门街道万安社区."""
    person = one["person"]
    age = _("%(n)d 岁") % {"n": person["age"]}
    planned = " ".join(filter(None, (one["planned"], one["planned_time"])))
    agreed = _("约定 %(when)s") % {"when": planned} if planned else ""
    return " ".join(filter(None, (person["sex"], age, one["division"], one["place"], agreed)))


def _facts(one: Mapping[str, Any]) -> dict[str, str]:
    person = one["person"]
    facts = {
        _("性别"): person["sex"],
        _("年龄"): _("%(n)d 岁") % {"n": person["age"]},
        _("居住地"): one["division"],
        _("住处"): one["place"],
        _("评估员"): "、".join(a["name"] for a in one["assessors"]),
        _("约定时间"): " ".join(filter(None, (one["planned"], one["planned_time"]))),
    }
    return {label: value for label, value in facts.items() if value}


def _names(one: Mapping[str, Any]) -> dict[str, str]:
    return {MINE if a["me"] else COLLEAGUE: a["name"] for a in one["assessors"]}


def sheets(names: Iterable[str]) -> dict[str, Any]:
    """The scales by the numbers of their versions."""
    found = ScaleVersion.objects.filter(pk__in=[int(name) for name in names]).order_by("pk")
    return {str(version.pk): sheet(phone.scale(version)) for version in found}


def sheet(scale: Mapping[str, Any]) -> dict[str, Any]:
    """A scale as questions: its items by domain, then what may change the level, then who told of it."""
    summed = scale["rating"] == "sum"
    return {
        "title": scale["label"],
        "steps": [*_domains(scale), *_findings(scale), _sources(scale)],
        "sum": {"label": _("合计得分"), "note": _("这里只把各题分值相加；评估等级以系统计算为准。")}
        if summed
        else None,
        "photos": PHOTOS,
        "signatures": [
            {"code": MINE, "label": _("本人签名"), "required": True},
            {"code": COLLEAGUE, "label": _("另一名评估员签名"), "required": False, "drawn_only": True},
        ],
    }


def _domains(scale: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for domain in scale["domains"]:
        yield {"title": domain["label"], "items": [_item(item) for item in domain["items"]]}


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": item["code"],
        "label": item["label"],
        "help": item["help"],
        "kind": "choice",
        "required": True,
        "options": [{"value": o["score"], "label": o["text"], "score": o["score"]} for o in item["options"]],
    }


def _findings(scale: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Diagnoses, conditions and events: what may raise the level. None of a scale's own: no such step."""
    items: list[dict[str, Any]] = []
    if known := [*scale["conditions"], *scale["diagnoses"]]:
        items.append(
            {
                "code": FINDINGS,
                "label": _("疾病诊断和特殊情况"),
                "help": _("只选确诊的；没有的不选。"),
                "kind": "choices",
                "options": [{"value": f["key"], "label": f["label"]} for f in known],
            }
        )
    if scale["events"]:
        help_text = _("近 %(days)d 天内发生的次数，没有的不填。") % {"days": scale["events"]["days"]}
        items += [
            {
                "code": EVENT + kind["key"],
                "label": _("照护风险事件：%(kind)s") % {"kind": kind["label"]},
                "help": help_text,
                "kind": "number",
                "unit": _("次"),
                "most": 99,
            }
            for kind in scale["events"]["kinds"]
        ]
    if items:
        yield {"title": _("诊断和风险事件"), "items": items}


def _sources(scale: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": _("评估情况"),
        "items": [
            {"code": PLACE, "label": _("评估地点"), "kind": "text", "most": 60},
            {
                "code": RELATION,
                "label": _("信息提供者与老年人的关系"),
                "kind": "choice",
                "options": [{"value": r["key"], "label": r["label"]} for r in scale["relations"]],
            },
            {"code": INFORMANT, "label": _("信息提供者姓名"), "kind": "text", "most": 30},
        ],
    }


# --- what comes back -----------------------------------------------------------------------------------------------


def receive(actor: Actor, record: OfflineRecord) -> OfflineAnswer:
    """Hand a form over to `actions.record`, which takes it in once for each uid and keeps what it refuses."""
    answers = dict(record.answers)
    others = {name: answers.pop(name, None) for name in (FINDINGS, PLACE, RELATION, INFORMANT)}
    events = {code: answers.pop(code) for code in list(answers) if code.startswith(EVENT)}
    number = int(record.subject) if record.subject.isdigit() else 0
    done = actions.record(
        actor,
        assignment_id=number,
        uid=record.uid,
        answers=answers,
        diagnoses=[str(key) for key in others[FINDINGS] or ()],
        events={code.removeprefix(EVENT): times for code, times in events.items()},
        made_at=record.made_at,
        sources={"name": others[INFORMANT] or "", "relation": others[RELATION] or ""},
        signatures=_signatures(actor, number, record),
        photos=[
            actions.Picture(
                record.files[photo["sha256"]], str(photo["item"]), parse_datetime(str(photo["taken_at"]))
            )
            for photo in record.photos
        ],
        place=str(others[PLACE] or "")[:60],
    )
    return OfflineAnswer(
        done.state,
        str(done.message),
        number=_("评估记录 %(n)s") % {"n": done.record_id} if done.record_id else "",
        url=reverse("assessment:assignment", args=[number]) if number else "",
        kept=done.record_id is not None,
    )


def _signatures(actor: Actor, number: int, record: OfflineRecord) -> list[actions.Given]:
    """`mine` is the sender's, `colleague` the other's of the assignment."""
    with everything("one's own assignment, done meanwhile or not"):
        assignment = Assignment.objects.filter(pk=number).select_related("first", "second").first()
    if assignment is None:
        return []
    whose = {MINE if a.user_id == actor.user_id else COLLEAGUE: a.pk for a in assignment.assessors}
    return [
        actions.Given(whose[one["code"]], one["name"], record.files.get(one["drawn"]))
        for one in record.signatures
        if one["code"] in whose
    ]


FORM = OfflineForm(KIND, gettext_lazy("能力评估"), "assessment.assess", tasks, sheets, receive, doors, number)
