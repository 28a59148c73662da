"""Who may open the pages of assessments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.entitlement.assessment import actions
from yanglao.entitlement.assessment.models import (
    Assessment,
    Assessor,
    Assignment,
    Attachment,
    Record,
    Request,
    Sample,
    SampleLine,
)
from yanglao.entitlement.assessment.tests import sample
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import somebody
from yanglao.registers.stays.models import Stay
from yanglao.registers.stays.tests.access import resident

# numbers of invented persons that no other room's access tests use
OPEN, ASSIGNED, SIGNING, DIFFER, DONE = 961, 963, 965, 967, 969


def _me(house: House) -> None:
    """The account the matrix signs in with is the first assessor."""
    of = sample.body(house)
    with everything("test"):
        if Assessor.objects.filter(body=of, name="赵核").exists():
            return
    sample.assessor(house, "赵核", of, user=house.user("assessor", house.place("assessor")))
    sample.assessor(house, "孙估", of)


def _request(house: House, order: int) -> Request:
    _me(house)
    person = somebody(order, place=house.village)
    with everything("test"):
        found = Request.objects.select_related("case").filter(person=person).first()
    return found or sample.requested(house, order)


def _assignment(house: House, order: int) -> Assignment:
    request = _request(house, order)
    with everything("test"):
        if found := Assignment.objects.filter(request=request).first():
            return found
        pair = list(
            Assessor.objects.filter(name__in=("赵核", "孙估"), body=sample.body(house)).order_by("pk")
        )
    sample.step(house.actor("street_worker", house.street), request, "accept")
    officer = house.actor("district_officer", house.county)
    return actions.assign(officer, request, first=pair[0], second=pair[1])


def _sent(house: House, order: int, totals: tuple[int, ...]) -> Assignment:
    assignment = _assignment(house, order)
    with everything("test"):
        known = Record.objects.filter(assignment=assignment).exists()
    if not known:
        for one, total in zip((assignment.second, assignment.first), totals, strict=False):
            sample.send(assignment, one, total)
    return assignment


def _done(house: House) -> Assessment:
    assignment = _sent(house, DONE, (64, 64))
    with everything("test"):
        return Assessment.objects.get(assignment=assignment)


def _sample(house: House) -> Sample:
    made = _done(house)
    with everything("test"):
        if found := Sample.objects.filter(division=house.county).first():
            return found
    return actions.draw(
        house.actor("district_officer", house.county),
        division=house.village,
        scale=made.scale,
        first_day=made.made_on,
        last_day=made.made_on,
        percent=100,
        seed="1",
    )


def _line(house: House) -> SampleLine:
    with everything("test"):
        found = SampleLine.objects.filter(assessment__division=house.village).first()
        if found:
            return found
    made = _sample(house)
    with everything("test"):
        return SampleLine.objects.filter(sample=made).order_by("pk")[0]


def _attachment(house: House) -> Attachment:
    import io

    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.files.actions import store

    assignment = _sent(house, DONE, (64, 64))
    with everything("test"):
        if found := Attachment.objects.filter(record__assignment=assignment).first():
            return found
        one = Record.objects.filter(assignment=assignment).order_by("pk")[0]
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6364f8cff51f0003860180b7a4b9a80000000049454e44ae426082"
    )
    stored = store(Actor.system("test"), "a.png", io.BytesIO(png), kind="image", division=house.village)
    return Attachment.objects.create(record=one, kind="photo", file=stored)


def _pk(make: Any) -> Any:
    def args(house: House) -> Mapping[str, Any]:
        return {"pk": make(house).pk}

    return args


def _version(house: House) -> Mapping[str, Any]:
    return {"pk": _request(house, OPEN).version_id}


def _letter(house: House) -> Mapping[str, Any]:
    """A result of the home's resident, signed by both."""
    stay = resident(house)["pk"]
    with everything("test"):
        person = Stay.objects.get(pk=stay).person
        found = Assessment.objects.filter(person=person).first()
    if found is None:
        sample.imported(person)
        with everything("test"):
            found = Assessment.objects.get(person=person)
    return {"pk": stay, "assessment": found.pk}


def _for_purpose(house: House) -> Mapping[str, Any]:
    return {"field": "phone", "purpose": "约定上门时间"}


VIEW, REQUEST, ASSIGN, ASSESS = (
    "assessment.view",
    "assessment.request",
    "assessment.assign",
    "assessment.assess",
)
BODIES, SAMPLE, HOME = "assessment.bodies", "assessment.sample", "assessment.home"
NOT_HIS = {"assessor": 404}  # he sees his body's work, not the requests of a division

ACCESS: dict[str, Access] = {
    "assessment:list": listing(VIEW),
    "assessment:requests": listing(VIEW),
    "assessment:assignments": listing(VIEW),
    "assessment:calendar": listing(VIEW),
    "assessment:day": listing(ASSESS),
    "assessment:my_assignments": listing(ASSESS, page=False),
    "assessment:scale": listing(ASSESS, args=_version, page=False),
    "assessment:statistics": listing(SAMPLE),
    "assessment:calendar_file": listing(VIEW, page=False),
    "assessment:statistics_file": listing(SAMPLE, page=False, method="post"),
    "assessment:samples": listing(SAMPLE),
    "assessment:draw": listing(SAMPLE),
    "assessment:bodies": listing(BODIES),
    "assessment:body_add": listing(BODIES),
    "assessment:result": record(VIEW, _pk(_done)),
    "assessment:letter": record(VIEW, _pk(_done)),
    "assessment:object": record(REQUEST, _pk(_done)),
    "assessment:withdraw": record(ASSIGN, _pk(_done)),
    "assessment:request": record(VIEW, _pk(lambda house: _request(house, OPEN)), roles=NOT_HIS),
    "assessment:assign": record(ASSIGN, _pk(lambda house: _request(house, OPEN))),
    "assessment:ask": record(REQUEST, _pk(lambda house: somebody(OPEN, place=house.village))),
    "assessment:assignment": record(VIEW, _pk(lambda house: _assignment(house, ASSIGNED))),
    "assessment:plan": record(ASSESS, _pk(lambda house: _assignment(house, ASSIGNED))),
    "assessment:reveal": change(
        ASSESS, _pk(lambda house: _assignment(house, ASSIGNED)), _for_purpose, own=200, page=False
    ),
    "assessment:residents": listing(HOME),
    "assessment:resident": record(HOME, resident),
    "assessment:resident_ask": record(HOME, resident),
    "assessment:resident_letter": record(HOME, _letter),
    "assessment:resident_object": record(HOME, _letter),
    "assessment:fill": record(ASSESS, _pk(lambda house: _assignment(house, ASSIGNED))),
    "assessment:sign": record(ASSESS, _pk(lambda house: _sent(house, SIGNING, (64,)))),
    "assessment:settle": record(ASSESS, _pk(lambda house: _sent(house, DIFFER, (64, 30)))),
    "assessment:attachment": record(VIEW, _pk(_attachment), page=False),
    "assessment:body": record(BODIES, _pk(sample.body)),
    "assessment:body_end": record(BODIES, _pk(sample.body)),
    "assessment:assessor_add": record(BODIES, _pk(sample.body)),
    "assessment:assessor_release": record(
        BODIES, _pk(lambda house: sample.assessor(house, "孙估", sample.body(house)))
    ),
    "assessment:sample": record(SAMPLE, _pk(_sample)),
    "assessment:agreement": record(SAMPLE, _pk(_line)),
}
