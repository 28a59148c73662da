"""Services the demo's people received this year, so that the registers have something to count for the targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zlib import crc32

from yanglao.kernel.scope import Span, entered
from yanglao.registers.people import actions
from yanglao.registers.people.models import Circumstance, Person

from .stage import Stage

MOST = 300  # records of each kind: enough to see, quick to make
SHARES = {"home_adapted": 20, "family_care_bed": 8}  # of a thousand older persons, drawn up for the demo
VALUES = {"home_adapted": "done", "family_care_bed": "built"}
SOURCES = {"home_adapted": "适老化改造验收单", "family_care_bed": "家庭养老床位签约台账"}


def record_services(stage: Stage) -> None:
    """Record home adaptations and care beds, once: a second start finds them."""
    actor, span = stage.officer, Span.of(stage.root)
    lives_here = {"residence_id__gte": span.lo, "residence_id__lte": span.hi, "death_date": None}
    with entered(actor):
        if Circumstance.objects.filter(kind="home_adapted", replaced_at=None).exists():
            return
        chosen = list(_chosen(stage, lives_here))
        with stage.talk.bar("登记服务", len(chosen)) as advance:
            for done, (person, kind, since) in enumerate(chosen, 1):
                facts = {"kind": kind, "value": VALUES[kind], "valid_from": since, "source": SOURCES[kind]}
                actions.record(actor, person, **facts)
                advance(done)
    stage.talk.say(f"登记今年的适老化改造和家庭养老床位 {len(chosen)} 条，供看板计数。")


def _chosen(stage: Stage, lives_here: dict[str, object]) -> Iterator[tuple[Person, str, dt.date]]:
    """Two of three 三老 and a small share of all others, on days spread over the year so far."""
    elders = set(
        Circumstance.objects.filter(kind="three_elders", replaced_at=None)
        .order_by("person_id")
        .values_list("person_id", flat=True)
    )
    year = dt.date(stage.today.year, 1, 1)
    sixty = stage.today.replace(year=stage.today.year - 60, day=min(stage.today.day, 28))
    left = dict.fromkeys(SHARES, MOST)
    for person in Person.objects.filter(**lives_here, birth_date__lte=sixty).order_by("pk").iterator():
        if not any(left.values()):
            return
        luck = crc32(str(person.pk).encode())
        since = year + dt.timedelta(days=luck % ((stage.today - year).days + 1))
        for kind, share in SHARES.items():
            mine = luck // 7 % 3 > 0 if kind == "home_adapted" and person.pk in elders else False
            if left[kind] and (mine or luck // 11 % 1000 < share):
                left[kind] -= 1
                yield person, kind, since
