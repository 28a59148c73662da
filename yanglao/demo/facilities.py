# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""The demo's places, beds, workers and estates: written as workbooks and imported like a city's own.

Numbers are those of the city's `demo.yaml`; names, dates and papers are invented. Residents are persons of the
register, so that there are as many as the demo's people allow.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from yanglao.kernel.accounts.actions import add_organisation
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import User
from yanglao.kernel.divisions.queries import inside
from yanglao.kernel.scope import Level, Span, entered, everything
from yanglao.registers.places.actions import correct
from yanglao.registers.places.models import Place

from . import signins
from .bringing import bring_in
from .housing import estate_rows
from .sites import bed_rows, centres_of, facility_rows, homes_of, institution_rows, price_rows
from .staffed import residents_of, staff_rows
from .stage import Stage

MANAGER = "care_home_manager"
LODGING = ("care_home", "respect_home", "rural_respect_home", "welfare_home")


def furnish(stage: Stage) -> None:
    """Places, beds, workers, residents, estates; what an earlier start has made is kept."""
    wanted = stage.demo.facilities
    if wanted is None:
        return
    rng = random.Random(stage.root + 7)
    where = list(inside(stage.root, Level.VILLAGE).order_by("code"))
    homes = list(homes_of(wanted, where, rng, stage.today))
    centres = list(centres_of(wanted, stage.root, where, rng))
    with entered(stage.officer), stage.talk.bar("登记机构、床位、人员和小区", 6) as advance:
        steps = iter(range(1, 7))
        files: list[tuple[str, Iterable[Mapping[str, Any]]]] = [
            ("places.institutions", institution_rows(wanted, homes, rng, stage.today)),
            ("places.facilities", facility_rows(centres, rng, stage.today)),
            ("places.prices", price_rows(homes, rng)),
            ("stays.beds", bed_rows(homes)),
            ("workforce.staff", staff_rows(stage, wanted, homes, centres, rng)),
            ("estates.ledger", estate_rows(wanted.estates, where, rng, stage.today)),
        ]
        counts = []
        for name, rows in files:
            counts.append(bring_in(stage, name, rows))
            advance(next(steps))
    residents = residents_of(stage, homes, rng)
    if not any(counts):
        return
    said = dict(zip((name for name, _rows in files), counts, strict=True))
    stage.talk.say(
        f"登记机构 {said['places.institutions']:,} 家、设施 {said['places.facilities']:,} 处、床位 {said['stays.beds']:,} 张、"
        f"从业人员 {said['workforce.staff']:,} 人、小区 {said['estates.ledger']:,} 个；在住老人 {residents:,} 人"
        "（机构和人员按文件的总数，在住老人按演示的人口）。"
    )


def appoint(stage: Stage) -> None:
    """Give the demo's care-home managers their home, the largest of their division, and then their accounts."""
    for user in stage.demo.users:
        if user.role != MANAGER or User.objects.filter(username=user.username).exists():
            continue
        span, system = Span.of(user.division), Actor.system("演示")
        with everything("the demo's accounts are made by the system"):
            home = (
                Place.objects.filter(kind__in=LODGING, division_id__gte=span.lo, division_id__lte=span.hi)
                .order_by("id")
                .first()
            )
            if home is None:
                continue
            body = add_organisation(system, name=home.name, kind="provider", division=home.division_id)
            correct(system, home, organisation=body, reason="演示账号的单位")
        moved = user.model_copy(update={"organisation": home.name, "division": home.division_id})
        signins.ensure(system, [moved])
