"""The demo's assessments: every state is there, and a second start changes nothing."""

from __future__ import annotations

import pytest

from tests.harness.house import House
from yanglao.demo import assessments, signins
from yanglao.entitlement.assessment.models import Assessment, Assignment, Record, Request, SampleLine
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make
from yanglao.registers.workforce.tests import sample as workers

pytestmark = pytest.mark.django_db


def test_every_state_of_an_assessment_is_there_once(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(signins, "file", lambda: tmp_path / "signins.txt")  # type: ignore[operator]
    at = workers.home(house)
    for n in range(6):
        workers.worker(at, name="张护理" + "甲乙丙丁戊己"[n])
    for n in range(1, 25):
        make(n)
    cast = assessments.Cast(
        "ningbo",
        house.street,
        house.actor("street_worker", house.street),
        house.actor("district_officer", house.county),
    )
    assert assessments.play(cast, 24) == 24
    assert assessments.play(cast, 24) == 0
    with everything("test"):
        states = set(Request.objects.values_list("state", flat=True))
        assert states == {"open", "done", "refused"}
        steps = set(Request.objects.values_list("case__step", flat=True))
        assert steps == {"", "accept", "assign", "assess", "deliver", "reassign"}
        assert {"open", "signing", "done"} <= set(Assignment.objects.values_list("state", flat=True))
        assert {"unsigned", "valid", "sample"} <= set(Assessment.objects.values_list("state", flat=True))
        assert Record.objects.filter(state="conflict", settled_at=None).count() == 1
        assert not Record.objects.filter(state="refused").exists()
        assert len(set(Assessment.objects.values_list("level", flat=True))) > 2
        assert SampleLine.objects.filter(assignment__isnull=False).exists()
