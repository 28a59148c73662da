"""What the register brings to other pages: the desk, the search box, a place's page, a worker's events."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile, TimelineEvent
from yanglao.registers.workforce import kinds, queries, staffing
from yanglao.registers.workforce.models import (
    Award,
    Certificate,
    CertificateGap,
    Employment,
    HomeStaffing,
    Worker,
)
from yanglao.registers.workforce.rules import SOON_DAYS

State = CertificateGap.State
CONTRACT_DAYS = 30


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Who works without the certificate his post demands, whose runs out, whose contract ends."""
    if not actor.can("workforce.edit"):
        return
    rows = queries.gaps(must=True).order_by().values_list("state").annotate(n=Count("pk"))
    found = Counter(dict(rows))
    url = reverse("workforce:gaps") + "?must=1"
    late = found[State.MISSING] + found[State.EXPIRED]
    yield DeskItem(
        title=_("在岗人员缺少必需的证书"),
        url=url,
        count=sum(found.values()),
        late=late,
        hint=_("无证、已过期或%(days)d天内到期：请安排培训、补登或续证") % {"days": SOON_DAYS},
        order=45,
    )
    day = queries.today()
    ending = queries.staff(day).filter(contract_until__lte=day + dt.timedelta(days=CONTRACT_DAYS))
    yield DeskItem(
        title=_("劳动合同%(days)d天内到期") % {"days": CONTRACT_DAYS},
        url=reverse("workforce:staff") + f"?ending={CONTRACT_DAYS}",
        count=ending.order_by().count(),
        late=ending.filter(contract_until__lt=day).order_by().count(),
        hint=_("续签后请更正合同到期日，或登记离职"),
        order=46,
    )
    short = HomeStaffing.objects.filter(missing__gt=0).order_by()
    yield DeskItem(
        title=_("护理员配备不足的机构"),
        url=reverse("workforce:ratio") + "?short=1",
        count=short.count(),
        hint=_("按入住老年人的能力等级计算，参考值"),
        order=47,
    )


def figures(actor: Actor) -> Iterable[Tile]:
    """Carers in post, and how many lack a certificate. Read from projections: two counts on indexes."""
    if not actor.can("workforce.view"):
        return
    carers = Worker.objects.filter(post__in=kinds.carer_posts()).order_by().count()
    if not carers:
        return
    lacking = (
        queries.gaps(must=True)
        .filter(post__in=kinds.carer_posts(), state__in=(State.MISSING, State.EXPIRED))
        .order_by()
        .values("worker")
        .distinct()
        .count()
    )
    yield Tile(
        label=_("在岗养老护理员"),
        value=carers,
        unit=_("人"),
        url=reverse("workforce:list") + "?group=care",
        detail=_("持证上岗率%(share)s") % {"share": f"{(carers - lacking) / carers:.1%}"},
        order=60,
    )


def search(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Workers for the search box; the hit shows no personal number."""
    for worker in queries.find(text, limit):
        yield SearchHit(worker.name, worker.get_absolute_url(), _detail(worker))


def _detail(worker: Worker) -> str:
    spell = worker.spell if worker.post else None
    where = str(spell.employer) if spell else worker.employer_outside
    return " · ".join(filter(None, [kinds.post_name(worker.post) if worker.post else _("不在岗"), where]))


# --- a place's page


def staff_at(actor: Actor, place_id: int, as_of: dt.date) -> int | None:
    """How many work at a place on a day; None for nobody."""
    return queries.staff(as_of).filter(place=place_id).order_by().count() or None


def of_place(actor: Actor, place_id: int, as_of: dt.date) -> Mapping[str, Any] | None:
    """Staff of a place by post, and what they lack."""
    rows = queries.staff(as_of).filter(place=place_id).order_by().values_list("post").annotate(n=Count("pk"))
    posts = [(kinds.post_name(post), n) for post, n in rows]
    gaps = list(
        queries.gaps(must=True)
        .filter(spell__place=place_id)
        .select_related("worker")
        .order_by("state", "worker__pinyin", "pk")[:10]
    )
    edits = actor.can("workforce.edit")
    if not posts and not edits:
        return None
    return {
        "place_id": place_id,
        "posts": sorted(posts, key=lambda p: -p[1]),
        "total": sum(n for _post, n in posts),
        "gaps": [(g, kinds.post_name(g.post)) for g in gaps],
        "may_edit": edits,
        "add_url": reverse("workforce:add") + f"?at=place:{place_id}",
        "list_url": reverse("workforce:staff") + f"?place={place_id}",
    }


def ratio_of_place(actor: Actor, place_id: int, as_of: dt.date) -> Mapping[str, Any] | None:
    """Carers and residents of a home on a day; None without residents."""
    line = staffing.lines([place_id], as_of).get(place_id)
    if line is None or not line.residents:
        return None
    bands = [(str(band), line.bands.get(band.band, 0), band) for band in line.rule.bands]
    return {"line": line, "bands": bands}


# --- a worker's events


def events(worker_id: int) -> Iterable[TimelineEvent]:
    """Hirings, leavings, certificates and honours of a worker."""
    yield from _spells(worker_id)
    for row in Certificate.objects.filter(worker=worker_id, replaced_at=None).order_by("issued_on", "pk"):
        yield TimelineEvent(row.issued_on, _("取得证书"), queries.certificate_name(row), icon="certificate")
    for award in Award.objects.filter(worker=worker_id, withdrawn_at=None).order_by("given_on", "pk"):
        yield TimelineEvent(award.given_on, _("获得荣誉"), award.title, icon="award")


FOLLOWED = {Employment.Left.CHANGED, Employment.Left.TRANSFERRED}


def _spells(worker_id: int) -> Iterable[TimelineEvent]:
    """A change of post or employer is one event, not a leaving and a hiring."""
    rows = Employment._base_manager.filter(worker=worker_id, replaced_at=None)
    before = None
    for row in rows.select_related(*queries.EMPLOYER).order_by("starts", "pk"):
        said = f"{row.employer} · {kinds.post_name(row.post)}"
        follows = before is not None and before.left in FOLLOWED and before.ends == row.starts
        title = before.get_left_display() if before is not None and follows else _("入职")
        yield TimelineEvent(row.starts, title, said, icon="briefcase")
        if row.ends is not None and row.ends <= queries.today() and row.left not in FOLLOWED:
            yield TimelineEvent(row.ends, _("离职"), f"{said} · {row.get_left_display()}", icon="door-exit")
        before = row
