"""What the register brings to the desk: what waits, and figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile
from yanglao.kernel.scope import Level, Span, everything, level_of
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people import queries
from yanglao.registers.people.completeness import ASK
from yanglao.registers.people.measures import BY_NAME, TALLIED
from yanglao.registers.people.models import DataRequest, Person, Tally

SOON_DAYS = 60
CLAIM_DAYS = 30


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Claims of two places, facts that are missing, persons about to turn eighty."""
    if actor.can("people.edit"):
        yield _claims()
        yield _requests()
        yield from _missing(actor)
    if actor.can("people.view"):
        yield _turning(actor)


def _claims() -> DeskItem:
    claims = queries.open_claims().order_by()
    first = claims.order_by("raised_at").values_list("raised_at", flat=True).first()
    long_ago = queries.now() - dt.timedelta(days=CLAIM_DAYS)
    return DeskItem(
        title=_("两地报送待核实"),
        url=reverse("people:claims"),
        count=claims.count(),
        due=first.date() + dt.timedelta(days=CLAIM_DAYS) if first else None,
        late=claims.filter(raised_at__lt=long_ago).count(),
        hint=_("名册所报的户籍地或居住地与另一区县的档案不同"),
        order=20,
    )


def _requests() -> DeskItem:
    """Requests about personal data that wait for an answer."""
    waiting = DataRequest.objects.filter(outcome="").order_by("due_on")
    with everything(
        "is there any at all? Nearly always not, and joined with a million persons that takes seconds"
    ):
        some = DataRequest.objects.filter(outcome="").exists()
    first = waiting.values_list("due_on", flat=True).first() if some else None
    return DeskItem(
        title=_("个人信息保护申请待答复"),
        url=reverse("people:data_requests"),
        count=waiting.count() if first else 0,
        due=first,
        late=waiting.filter(due_on__lt=queries.today()).count() if first else 0,
        order=25,
    )


def _missing(actor: Actor) -> Iterable[DeskItem]:
    """Facts nobody has recorded yet; counted ahead with the figures."""
    if actor.division is None:
        return
    kept = _kept(actor)
    yield DeskItem(
        title=_("请补问的老人"),
        url=f"{reverse('people:list')}?gap=visitor&division={actor.division}",
        count=kept[ASK],
        hint=_("有的情况还没有登记，或者已经很久没有核实；打开档案，按“补问”只问这几项"),
        order=65,
        reminder=True,
    )
    for order, name in enumerate(("living_unknown", "ability_unknown_80"), 70):
        yield DeskItem(
            title=BY_NAME[name].label,
            url=BY_NAME[name].list_url(queries.today(), actor.division),
            count=kept[name],
            hint=_("补登后，补贴、探访和服务才能按情形安排"),
            order=order,
            reminder=True,
        )


def _turning(actor: Actor) -> DeskItem:
    found = queries.turning_soon(80, SOON_DAYS).within(  # type: ignore[attr-defined]
        actor.spans("people.view"), "hukou"
    )
    return DeskItem(
        title=_("%(days)d天内满80周岁") % {"days": SOON_DAYS},
        url=f"{reverse('people:list')}?turning=80&by=hukou",
        count=found.order_by().count(),
        hint=_("提醒本人或家属申请高龄津贴"),
        order=60,
        reminder=True,
    )


def figures(actor: Actor) -> Iterable[Tile]:
    """Numbers of the actor's divisions, from what was counted ahead."""
    if not actor.can("people.view") or actor.division is None:
        return
    kept = _kept(actor)
    if not kept:
        return
    older = kept["older_60"]
    for order, name in enumerate(("older_60", "older_80", "older_100", "living_alone", "disabled"), 10):
        share = f"{kept[name] / older:.1%}" if older and name != "older_60" else ""
        yield Tile(
            label=BY_NAME[name].label,
            value=kept[name],
            unit=_("人"),
            url=BY_NAME[name].list_url(queries.today(), actor.division),
            detail=_("占60周岁以上的%(share)s") % {"share": share} if share else "",
            order=order,
        )
    yield _by_division(actor, actor.division)


def _kept(actor: Actor) -> Counter[str]:
    inside = _inside(actor)
    rows = (
        Tally.objects.filter(inside, measure__in=(*TALLIED, ASK))
        .order_by()
        .values_list("measure")
        .annotate(n=Sum("number"))
    )
    return Counter(dict(rows))


def _inside(actor: Actor) -> Q:
    either = Q(pk__in=())
    for span in actor.spans("people.view"):
        either |= Q(division_code__gte=span.lo, division_code__lte=span.hi)
    return either


def _by_division(actor: Actor, top: int) -> Tile:
    """80 and over by the divisions one level down, as small bars."""
    level = Level(min(level_of(top) + 1, Level.VILLAGE))
    rows = Tally.objects.filter(_inside(actor), measure="older_80").order_by("division_code")
    sums: Counter[int] = Counter()
    for code, number in rows.values_list("division_code", "number"):
        if code in Span.of(top):
            sums[ancestor(code, level)] += number
    measure = BY_NAME["older_80"]
    return Tile(
        label=_("80周岁以上常住老年人分布"),
        value=sum(sums.values()),
        unit=_("人"),
        parts=tuple(
            (full_name(code, below=Level(level - 1)), float(n), measure.list_url(queries.today(), code))
            for code, n in sums.most_common(20)
        ),
        order=50,
    )


def search(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Persons for the search box; the hit shows no personal number."""
    for person in queries.find(text, limit):
        yield SearchHit(person.name, person.get_absolute_url(), _detail(person))


def _detail(person: Person) -> str:
    age = _("%(age)d岁") % {"age": person.age()}
    state = _("已去世") if person.death_date else ""
    place = full_name(person.residence_id, below=Level.CITY) or full_name(person.residence_id)
    return " · ".join(filter(None, [str(person.get_sex_display()), age, place, state]))
