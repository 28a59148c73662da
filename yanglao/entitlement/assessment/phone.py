"""What a phone takes along: my assignments, and the scales they are assessed by. Plain data for JSON."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment import queries
from yanglao.entitlement.assessment.models import Assignment, Record, ScaleVersion
from yanglao.entitlement.assessment.scale_file import Item
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level

RELATIONS = (
    ("self", _("本人")),
    ("spouse", _("配偶")),
    ("child", _("子女")),
    ("kin", _("其他亲属")),
    ("carer", _("雇佣照顾者")),
    ("village", _("村（居）民委员会工作人员")),
    ("other", _("其他")),
)


def masked(name: str) -> str:
    """A name with the family name only: 张**."""
    return name[:1] + "*" * max(1, len(name) - 1)


def my_assignments(actor: Actor) -> dict[str, Any]:
    """What waits for the actor as an assessor; see README for the shape."""
    rows = list(queries.mine(actor))
    me = queries.assessor_of(actor)
    sent = queries.sent_by(actor, [row.pk for row in rows])
    return {
        "now": timezone.localtime().isoformat(),
        "assessor": {"id": me.pk, "name": me.name} if me else None,
        "assignments": [_assignment(row, actor, sent.get(row.pk)) for row in rows],
    }


def _assignment(row: Assignment, actor: Actor, mine: Record | None) -> dict[str, Any]:
    person = row.person
    return {
        "id": row.pk,
        "person": {"name": masked(person.name), "sex": person.get_sex_display(), "age": person.age()},
        "division": full_name(row.division_id, below=Level.CITY),
        "scale": row.version.scale,
        "version": row.version_id,
        "purpose": row.purpose,
        "due": row.due_on.isoformat(),
        "planned": row.planned_for.isoformat() if row.planned_for else None,
        "planned_time": f"{row.planned_time:%H:%M}" if row.planned_time else "",
        "late": row.late,
        "place": queries.home_of(row.person_id),
        "state": row.state,
        "assessors": [{"id": a.pk, "name": a.name, "me": a.user_id == actor.user_id} for a in row.assessors],
        "url": row.get_absolute_url(),
        "fill": reverse("assessment:fill", args=[row.pk]),
        "mine": mine.state if mine else None,
    }


def scale(version: ScaleVersion) -> dict[str, Any]:
    """A scale to be asked from; the same for a version for good."""
    found = version.read
    return {
        "id": found.id,
        "version": version.pk,
        "label": str(found),
        "number": found.number,
        "rating": found.rating,
        "most": found.most,
        "domains": [
            {
                "code": domain.code,
                "label": str(domain),
                "max": sum(item.max for item in domain.items),
                "items": [_item(item) for item in domain.items],
            }
            for domain in found.domains
        ],
        "conditions": [{"key": f.key, "label": str(f)} for f in found.conditions],
        "diagnoses": [{"key": f.key, "label": str(f), "icd10": f.icd10} for f in found.diagnoses],
        "events": {
            "days": found.events.days,
            "kinds": [{"key": f.key, "label": str(f)} for f in found.events.kinds],
        }
        if found.events
        else None,
        "relations": [{"key": key, "label": str(label)} for key, label in RELATIONS],
        "levels": [
            {"level": level.level, "label": str(level), "min": level.min, "max": level.max}
            for level in found.levels
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "label": str(item),
        "help": item.help,
        "options": [{"score": score, "text": item.options[score]} for score in item.scores],
    }
