"""Who may open what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, public, record
from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.training import actions, scanning
from yanglao.registers.training.models import (
    Award,
    Certificate,
    Contest,
    Enrolment,
    Judge,
    Lesson,
    Plan,
    Session,
)
from yanglao.registers.training.rules.goals import Due
from yanglao.registers.training.tests import sample

Args = Mapping[str, Any]


def _certificate(house: House) -> Certificate:
    found = Certificate.objects.first()
    return found or sample.certificate(organisation_id=house.provider.pk)


def _session(house: House) -> Session:
    _certificate(house)
    return Session.objects.order_by("pk")[0]


def course(house: House) -> Args:
    return {"pk": _session(house).course_id}


def session(house: House) -> Args:
    return {"pk": _session(house).pk}


def closing(house: House) -> Args:
    return {"pk": _session(house).pk, "to": "close"}


def lesson(house: House) -> Args:
    return {"pk": Lesson.objects.filter(session=_session(house)).order_by("pk")[0].pk}


def enrolment(house: House) -> Args:
    return {"pk": Enrolment.objects.filter(session=_session(house)).order_by("pk")[0].pk}


def certificate(house: House) -> Args:
    return {"pk": _certificate(house).pk}


def code(house: House) -> Args:
    return {"code": _certificate(house).code}


def chosen(house: House) -> Args:
    return {"certificate": [str(_certificate(house).pk)]}


def token(house: House) -> Args:
    with everything("test"):
        return {"token": scanning.token(lesson(house)["pk"])}


def offered(house: House) -> Args:
    with everything("test"):
        found = Session.objects.filter(name="公开班").first()
        return {"pk": (found or sample.session(name="公开班")).pk}


def stranger(house: House) -> Args:
    return {"name": "王戊", "phone": sample.phone(77)}


def _plan(house: House) -> Plan:
    found = Plan.objects.first()
    years = [Due(sample.today().year, 20)]
    return found or actions.add_plan(
        sample.SYSTEM, division=sample.VILLAGE, name="培训家庭照护者", kind="family", years=years
    )


def plan(house: House) -> Args:
    return {"pk": _plan(house).pk}


def _contest(house: House) -> Contest:
    return Contest.objects.first() or sample.contest(organisation_id=house.provider.pk)


def contest(house: House) -> Args:
    return {"pk": _contest(house).pk}


def judge(house: House) -> Args:
    return {"pk": Judge.objects.filter(contest=_contest(house)).order_by("pk")[0].pk}


def award(house: House) -> Args:
    found = Award.objects.first()
    return {"pk": (found or sample.award()).pk}


PICTURE = {"page": False}
NO_PROVIDER = {"roles": {"care_home_manager": 404}}
ACCESS: dict[str, Access] = {
    "training:sessions": listing("training.view"),
    "training:add_session": listing("training.edit"),
    "training:courses": listing("training.view"),
    "training:add_course": listing("training.edit"),
    "training:course": listing("training.view", args=course),
    "training:change_course": record(
        "training.edit",
        course,
        other=403,
        roles=dict.fromkeys(("district_officer", "street_worker", "care_home_manager"), 403),
    ),
    "training:session": record("training.view", session),
    "training:change_session": record("training.edit", session),
    "training:add_lesson": record("training.edit", session),
    "training:enrol": record("training.teach", session),
    "training:cancel_session": record("training.edit", session),
    "training:roster": record("training.view", session),
    "training:signin": record("training.view", session),
    "training:exam": record("training.teach", session),
    "training:certify": record("training.certify", session),
    "training:session_certificates": record("training.view", session),
    "training:claim": change("training.export", session, lambda house: {"purpose": "申领补贴"}, own=200),
    "training:move": change("training.edit", closing),
    "training:attend": record("training.teach", lesson),
    "training:show_code": record("training.teach", lesson),
    "training:lesson_code": record("training.teach", lesson, **PICTURE),
    "training:drop_lesson": change("training.edit", lesson),
    "training:enrolments": listing("training.view"),
    "training:enrolment": record("training.view", enrolment),
    "training:leave": record("training.teach", enrolment),
    "training:certificates": listing("training.view"),
    "training:printed": change("training.certify", data=chosen),
    "training:certificate": record("training.view", certificate),
    "training:revoke": record("training.certify", certificate),
    "training:certificate_code": record("training.view", certificate, **PICTURE),
    "training:calendar": listing("training.view"),
    "training:plans": listing("training.view"),
    "training:add_plan": listing("training.edit"),
    "training:plan": record("training.view", plan, **NO_PROVIDER),
    "training:change_plan": record("training.edit", plan, **NO_PROVIDER),
    "training:allot": record("training.edit", plan, **NO_PROVIDER),
    "training:withdraw_plan": change("training.edit", plan, **NO_PROVIDER),
    "training:contests": listing("training.view"),
    "training:add_contest": listing("training.edit"),
    "training:contest": record("training.view", contest),
    "training:add_judge": record("training.edit", contest),
    "training:add_entry": record("training.edit", contest),
    "training:publish_contest": change("training.edit", contest),
    "training:prizes": record("training.edit", contest),
    "training:export_contest": record("training.export", contest, **PICTURE),
    "training:score": record("training.edit", judge),
    "training:awards": listing("training.view"),
    "training:add_award": listing("training.edit"),
    "training:award": record("training.view", award, **NO_PROVIDER),
    "training:award_file": record("training.view", award, **NO_PROVIDER, **PICTURE),
    "training:public": public(),
    "training:public_course": public(args=offered),
    "training:public_enrol": public(args=offered, data=stranger, method="post", own=302, signed_out=302),
    "training:calendar_file": public(args=offered, **PICTURE),
    "training:course_code": public(args=offered, **PICTURE),
    "training:enrolled": public(own=302, signed_out=302),
    "training:public_leave": public(),
    "training:here": public(args=token),
    "training:verify": public(args=code),
}
