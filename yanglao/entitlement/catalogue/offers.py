"""What stands on other pages: a person's file, the desk, tiles, the timeline, measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.catalogue import queries
from yanglao.entitlement.catalogue.lists.reading import named_items
from yanglao.entitlement.catalogue.models import Coverage, Decision, Entitlement
from yanglao.entitlement.catalogue.rules import DUE, MISSING, State
from yanglao.entitlement.catalogue.words import TONES, next_step
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, Measure, Tile, TimelineEvent
from yanglao.kernel.scope import Span
from yanglao.registers.people.models import Person


def person_panel(actor: Actor, person_id: int, as_of: dt.date) -> Mapping[str, Any] | None:
    """What the person is due and does not receive, what he receives, what he does not want."""
    person = Person.objects.filter(pk=person_id).first()
    found = queries.items_of(person) if person else []
    if not found:
        return None
    shown = [s for s in found if s.state is not None and s.state != State.ENDED]
    order = {state: at for at, state in enumerate((*MISSING, State.REFUSED, State.RECEIVED))}
    rows = [
        (s, TONES[int(s.state or 0)], next_step(s))
        for s in sorted(shown, key=lambda s: order[s.state or State.ENDED])
    ]
    return {
        "rows": rows,
        "person_id": person_id,
        "missing": sum(s.missing for s in shown),
        "may_act": actor.can("catalogue.act"),
    }


def _here(actor: Actor, right: str) -> Span | None:
    spans = actor.spans(right)
    return spans[0] if spans else None


def desk(actor: Actor) -> Iterator[DeskItem]:
    """For those who visit: persons in need who are entitled and were not told yet; answers that are waited for."""
    span = _here(actor, "catalogue.act")
    if span is None or span.hi - span.lo >= 10**6:  # streets and villages: of a county the overview tells
        return
    rows = Entitlement.objects.filter(division__gte=span.lo, division__lte=span.hi, item__standing=True)
    url = f"{reverse('catalogue:list')}?state={{}}"
    if count := rows.filter(state=State.ENTITLED).count():
        said = url.format(int(State.ENTITLED))
        yield DeskItem(_("符合条件、还没有办的清单项目"), said, count, order=56, reminder=True)
    if count := rows.filter(state=State.OFFERED).count():
        yield DeskItem(_("已告知、等待答复的清单项目"), url.format(int(State.OFFERED)), count, order=57)


def tiles(actor: Actor) -> Iterator[Tile]:
    """Persons × items that are missing where the actor looks, by last night's figures."""
    span = _here(actor, "catalogue.view")
    if span is None:
        return
    last = Coverage.objects.order_by("-month").values_list("month", flat=True).first()
    if last is None:
        return
    rows = Coverage.objects.filter(month=last, division__gte=span.lo, division__lte=span.hi)
    count = rows.filter(state__in=MISSING).aggregate(n=Sum("persons"))["n"]
    if count:
        yield Tile(
            _("应享未享"), count, _("人次"), reverse("catalogue:overview"), _("清单各项合计"), order=44
        )


def timeline(person_id: int) -> Iterator[TimelineEvent]:
    """What was entered by hand, for a person's timeline."""
    for entry in Decision.objects.filter(person_id=person_id).select_related("item").order_by("pk"):
        detail = "，".join(
            filter(None, (str(entry.get_reason_display()) if entry.reason else "", entry.note))
        )
        title = f"{entry.get_kind_display()}：{entry.item}"
        yield TimelineEvent(
            entry.on, title, detail, reverse("catalogue:person", args=[person_id]), "list-check", "list"
        )


STATES: dict[str, tuple[Any, tuple[State, ...]]] = {
    "due": (gettext_lazy("符合条件"), DUE),
    "entitled": (gettext_lazy("应享未办"), (State.ENTITLED,)),
    "offered": (gettext_lazy("已告知"), (State.OFFERED,)),
    "accepted": (gettext_lazy("办理中"), (State.ACCEPTED,)),
    "received": (gettext_lazy("已享受"), (State.RECEIVED,)),
    "refused": (gettext_lazy("本人不要"), (State.REFUSED,)),
    "missing": (gettext_lazy("应享未享"), MISSING),
}


def _count(key: str, states: tuple[State, ...]) -> Callable[[dt.date], dict[int, float]]:
    def count(on: dt.date) -> dict[int, float]:
        rows = Coverage.objects.filter(month=on.year * 100 + on.month, item__key=key, state__in=states)
        grouped = rows.order_by("division_id").values_list("division_id").annotate(n=Sum("persons"))
        return {code: float(n) for code, n in grouped}

    return count


def _records(key: str, states: tuple[State, ...]) -> Callable[[dt.date], QuerySet[Entitlement]]:
    return lambda on: Entitlement.objects.filter(item__key=key, state__in=states)


def _url(key: str, name: str, states: tuple[State, ...]) -> Callable[[dt.date, int], str]:
    def url(on: dt.date, division: int) -> str:
        from yanglao.entitlement.catalogue.models import Item

        item = Item.objects.filter(key=key, standing=True).order_by("pk").first()
        state = "missing" if name == "missing" else str(int(states[0])) if len(states) == 1 else ""
        return f"{reverse('catalogue:list')}?item={item.pk if item else ''}&state={state}&division={division}"

    return url


def measures() -> tuple[Measure, ...]:
    """`catalogue.<state>_<item>` for every item of every list of services: persons by village, month by month."""
    return tuple(
        Measure(
            f"catalogue.{name}_{key.replace('-', '_')}",
            _joined(item.title.zh, item.title.en, label),
            gettext_lazy("人"),
            _count(key, states),
            _records(key, states),
            "division",
            _url(key, name, states),
            gettext_lazy(
                "按清单认定；当月为最近一次认定的数，以前各月为当月末的数，没有认定过的月份可以按档案补算"
            ),
        )
        for key, item in named_items().items()
        if not item.who.elsewhere
        for name, (label, states) in STATES.items()
    )


def _joined(zh: str, en: str, label: Any) -> Any:
    from django.utils.functional import lazy
    from django.utils.translation import get_language

    return lazy(lambda: f"{en if (get_language() or '').startswith('en') else zh}：{label}", str)()
