"""The demo's comparison: what the police, the crematorium and social assistance would send, and the first checks.

The files are made from persons of the register with a known truth (`registers.comparison.samples`): some rows
with slips, some about nobody. They go the same way as on the pages; the street worker checks those of his street.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Iterable

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Level, Span, entered, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.comparison import actions, flow, reading, samples
from yanglao.registers.comparison.models import Clue, Delivery
from yanglao.registers.comparison.reading import Layout
from yanglao.registers.comparison.samples import Known, Made
from yanglao.registers.people import actions as people
from yanglao.registers.people.models import Person
from yanglao.shell.sheets.texts import TextForm

from .stage import Stage

OLD = 85
CREMATED = ("name", "id_number", "birth_date", "event_date")


def compare(stage: Stage) -> list[Delivery]:
    """The three files, compared; those of an earlier start are kept."""
    with everything("the demo asks whether its files are in"):
        if Delivery.objects.filter(
            division_id__gte=stage.root, division_id__lte=Span.of(stage.root).hi
        ).exists():
            return []
    rng = random.Random(stage.root)
    through = stage.today.replace(day=1) - dt.timedelta(days=1)
    with stage.talk.bar("比对部门数据", 3) as advance:
        made = []
        for number, deliver in enumerate((_police, _cremations, _low_income), 1):
            made.append(deliver(stage, rng, through))
            advance(number)
    checked = _check(stage)
    stage.talk.say(
        f"比对 {len(made)} 份部门文件：{sum(d.rows for d in made):,} 行，对上 {sum(d.matched for d in made):,} 人，"
        f"列出线索 {sum(d.news + d.absent for d in made):,} 条；街道已核实 {checked} 条。"
    )
    return made


def _police(stage: Stage, rng: random.Random, through: dt.date) -> Delivery:
    """A workbook of the whole city, with a few more in the street whose worker can sign in."""
    street = _street(stage)
    gone = [*_living(stage.root, rng, 18, old=True), *_living(street, rng, 6)]
    made = _made(
        stage, gone, rng, lambda _k: through - dt.timedelta(days=rng.randrange(75)), reason="死亡", nobody=25
    )
    content = samples.as_xlsx(made.lines, {**samples.POLICE, "birth_date": "出生日期"})
    return _deliver(stage, "police_cancel", "户籍注销.xlsx", content, stage.root, through)


def _cremations(stage: Stage, rng: random.Random, through: dt.date) -> Delivery:
    """Fixed width by bytes of GB18030, no headings, as older systems write it."""
    gone = _living(stage.root, rng, 10, old=True)
    made = _made(stage, gone, rng, lambda _k: through - dt.timedelta(days=rng.randrange(40)), nobody=15)
    content, cuts = samples.as_fixed(made.lines, samples.CREMATION)
    layout = Layout(
        columns={name: i for i, name in enumerate(CREMATED)}, text=TextForm("gb18030", "", cuts, "bytes")
    )
    return _deliver(stage, "cremation", "火化名册.txt", content, stage.root, through, layout)


def _low_income(stage: Stage, rng: random.Random, through: dt.date) -> Delivery:
    """The complete dibao list of the street's county, some new on it and some no longer."""
    county = ancestor(_street(stage), Level.COUNTY)
    with everything("the demo's own persons"):
        here = Person.objects.within((Span.of(county),), "hukou").filter(death_date=None)  # type: ignore[attr-defined]
        known = list(here.filter(economic="dibao").order_by("pk"))
        new = list(here.filter(economic__in=("", "ordinary")).order_by("-birth_date", "pk")[:3])
    listed = [*known[: max(1, len(known) - 2)], *new]
    start = through.replace(year=through.year - 1, day=1)
    made = _made(stage, listed, rng, lambda _k: start, value="低保", nobody=6)
    content = samples.as_text(made.lines, samples.LOW_INCOME, delimiter="\t")
    return _deliver(stage, "low_income", "低保在册名单.txt", content, county, through, complete=True)


def _street(stage: Stage) -> int:
    return next(user.division for user in stage.demo.users if user.role == "street_worker")


def _living(division: int, rng: random.Random, number: int, *, old: bool = False) -> list[Person]:
    """Living persons of a place; the very old, where deaths are many."""
    born = dt.date.today().replace(day=1)
    latest = born.replace(year=born.year - OLD)
    with everything("the demo's own persons"):
        found = Person.objects.within((Span.of(division),), "residence").filter(death_date=None)  # type: ignore[attr-defined]
        found = found.filter(birth_date__lte=latest) if old else found
        ids = list(found.order_by("pk").values_list("pk", flat=True))
        chosen = rng.sample(ids, min(number, len(ids)))
        return list(Person.objects.filter(pk__in=chosen).order_by("pk"))


def _made(
    stage: Stage,
    persons: Iterable[Person],
    rng: random.Random,
    on: Callable[[Known], dt.date],
    *,
    value: str = "",
    reason: str = "",
    nobody: int = 0,
) -> Made:
    officer = stage.officer
    with entered(officer):
        known = [_known(officer, person) for person in persons]
    return samples.make(known, rng, on=on, value=value, reason=reason, slips=0.25, nobody=nobody, repeats=1)


def _known(officer: Actor, person: Person) -> Known:
    """The number is read like any other: with a purpose, on record."""
    number = people.reveal(officer, person, field="id_number", purpose="演示：编制部门文件")
    return Known(person.pk, person.name, number, person.sex, person.birth_date)


def _deliver(
    stage: Stage,
    source: str,
    name: str,
    content: bytes,
    division: int,
    as_of: dt.date,
    layout: Layout | None = None,
    *,
    complete: bool = False,
) -> Delivery:
    officer = stage.officer
    with entered(officer):
        delivery = actions.upload(
            officer,
            source=source,
            division=division,
            as_of=as_of,
            name=name,
            stream=io.BytesIO(content),
            complete=complete,
        )
        settled, _draft, _sheets = reading.proposed(delivery, actions.source_of(delivery), layout or Layout())
        actions.lay_out(officer, delivery, settled, start=False)
        flow.compare_delivery(officer, delivery)
    delivery.refresh_from_db()
    return delivery


def _check(stage: Stage) -> int:
    """The street worker has begun: most are true, one is alive."""
    worker = stage.actor("street_worker")
    with entered(worker):
        waiting = list(
            Clue.objects.filter(state=Clue.State.OPEN, says="death")
            .select_related("person")
            .order_by("pk")[:4]
        )
        for number, clue in enumerate(waiting):
            if number == 2:
                actions.dismiss(
                    worker, clue, verdict=Clue.Verdict.OTHER_PERSON, reason="上门见到本人，来源的号码录错"
                )
            else:
                actions.confirm(worker, clue, how="phone", reason="电话联系家属证实")
    return len(waiting)
