"""Lists to print and to plan by: the staff of a home, the calendar of certificates that run out."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.places.queries import Place
from yanglao.registers.workforce import kinds, queries
from yanglao.registers.workforce.models import Certificate
from yanglao.shell.pages import Crumb, PageView

MONTHS = 12


class PlaceStaff(PageView):
    """Everybody who works at a place on a day, with certificates: the list an inspector asks for."""

    right = "workforce.view"
    template = "workforce/place_staff.html"

    @property
    def place(self) -> Place:
        if not hasattr(self, "_place"):
            self._place = get_object_or_404(Place, pk=self.kwargs["pk"])
        return self._place

    @property
    def day(self) -> dt.date:
        try:
            return parse_date(self.request.GET.get("on") or "") or queries.today()
        except ValueError:
            return queries.today()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("从业人员"), reverse("workforce:list")),
            Crumb(self.place.name),
            Crumb(_("员工名册")),
        )

    def page_title(self) -> Any:
        return _("%(place)s员工名册") % {"place": self.place.name}

    def context(self) -> dict[str, Any]:
        rows = list(queries.staff_of([self.place.pk], self.day))
        held = _held([row.worker_id for row in rows], self.day)
        posts = Counter(row.post for row in rows)
        return {
            "place": self.place,
            "day": self.day,
            "lines": [(row, kinds.post_name(row.post), held.get(row.worker_id, [])) for row in rows],
            "posts": [(kinds.post_name(post), n) for post, n in posts.most_common()],
            "full": sum(row.full_time for row in rows),
            "part": sum(not row.full_time for row in rows),
        }


def _held(workers: list[int], day: dt.date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Certificate.objects.filter(queries.good_on(day), worker__in=workers).order_by(
        "kind", "level", "pk"
    )
    for row in rows:
        until = f"（{row.expires_on:%Y-%m-%d}）" if row.expires_on else ""
        found.setdefault(row.worker_id, []).append(queries.certificate_name(row) + until)
    return found


class Calendar(PageView):
    """How many certificates of those in a post run out in which month of the coming year."""

    right = "workforce.view"
    title = gettext_lazy("证书到期日历")
    template = "workforce/calendar.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("从业人员"), reverse("workforce:list")),
            Crumb(_("持证上岗"), reverse("workforce:gaps")),
            Crumb(self.title),
        )

    def context(self) -> dict[str, Any]:
        months = _months(queries.today(), MONTHS)
        first, last = months[0], _last(months[-1])
        rows = list(
            queries.expiring(first, last)
            .select_related("worker", "worker__spell", "worker__spell__place", "worker__spell__operator",
                            "worker__spell__organisation")
        )  # fmt: skip
        return {
            "months": [
                _month(month, [r for r in rows if month <= r.expires_on <= _last(month)]) for month in months
            ],
            "total": len(rows),
        }


def _months(day: dt.date, number: int) -> list[dt.date]:
    return [
        dt.date(day.year + (day.month - 1 + n) // 12, (day.month - 1 + n) % 12 + 1, 1) for n in range(number)
    ]


def _last(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _month(month: dt.date, rows: list[Certificate]) -> dict[str, Any]:
    kinds_of = Counter(row.kind for row in rows)
    url = reverse("workforce:certificates")
    return {
        "first": month,
        "count": len(rows),
        "kinds": [(kinds.certificate_name(kind), n) for kind, n in kinds_of.most_common()],
        "url": f"{url}?expires_on_min={month}&expires_on_max={_last(month)}&state=good",
    }
