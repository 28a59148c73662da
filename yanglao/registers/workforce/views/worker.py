"""A worker's whole file on one page; reading personal data; the scan of a certificate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yanglao.kernel.files.responses import download
from yanglao.kernel.rooms import TimelineEvent, house
from yanglao.registers.workforce import actions, kinds, queries
from yanglao.registers.workforce.forms import PURPOSES
from yanglao.registers.workforce.models import Certificate, Employment, Worker
from yanglao.registers.workforce.packs import Rulebook
from yanglao.registers.workforce.recording import holding
from yanglao.registers.workforce.rules import SOON_DAYS, standing
from yanglao.shell.pages import Crumb, PageView, page
from yanglao.shell.pages.revealing import SealedLine, revealed

LOOKED_SHOWN = 10
TONES = {"good": "good", "expiring": "warn", "expired": "bad", "missing": "bad"}


@dataclass(frozen=True)
class SpellLine:
    """A spell of employment as the page shows it; `mine`: the reader may change it."""

    row: Employment
    post: str
    employer: str
    url: str
    mine: bool
    now: bool


@dataclass(frozen=True)
class CertificateLine:
    """A certificate as the page shows it."""

    row: Certificate
    label: str
    level: str
    state: Any
    tone: str


@dataclass(frozen=True)
class DemandLine:
    """What a post of his demands, and how he stands to it."""

    post: str
    wanted: str
    state: Any
    tone: str
    until: dt.date | None
    source: str
    advice: bool


class WorkerPage(PageView):
    """One worker: posts, certificates, what they lack, honours, pools, what other rooms hang on, who looked."""

    right = "workforce.view"
    template = "workforce/worker.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._worker: Worker | None = None

    @property
    def worker(self) -> Worker:
        if self._worker is None:
            self._worker = get_object_or_404(Worker.objects.select_related("spell"), pk=self.kwargs["pk"])
        return self._worker

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("从业人员"), reverse("workforce:list")), Crumb(self.worker.name))

    def page_title(self) -> Any:
        return self.worker.name

    def may(self, right: str) -> bool:
        return self.actor.can(right, self.worker)

    def context(self) -> dict[str, Any]:
        worker, day = self.worker, queries.today()
        spells = list(queries.history(worker))
        held = list(worker.certificates.filter(replaced_at=None).select_related("verified_by", "evidence"))
        held.sort(key=lambda c: (not c.good_on(day), c.kind, c.level or 9))
        return {
            "worker": worker,
            "age": worker.age(day),
            "since": queries.in_trade_since(worker),
            "spells": [self._spell(s, day) for s in spells],
            "certificates": [_certificate(c, day) for c in held],
            "attendance": list(worker.attendance.filter(replaced_at=None).order_by("-month")[:12]),
            "demands": list(_demands(spells, held, day)),
            "sealed": _sealed(worker),
            "purposes": PURPOSES,
            "reveal_url": reverse("workforce:reveal", args=(worker.pk,)),
            "may_edit": self.may("workforce.edit"),
            "may_verify": self.may("workforce.verify"),
            "may_reveal": self.may("workforce.reveal"),
            "panels": self._panels(day),
            **self._around(worker),
        }

    def _around(self, worker: Worker) -> dict[str, Any]:
        day = queries.today()
        members = list(worker.pools.order_by("pool", "field", "pk"))
        return {
            "awards": list(worker.awards.filter(withdrawn_at=None).order_by("-given_on", "-pk")),
            "studios": list(worker.studios.select_related("place").order_by("-opened_on", "-pk")),
            "pools": [(m, kinds.field_name(m.field), m.serves_on(day)) for m in members],
            "appoints": self.actor.can("workforce.verify"),
            "looked": list(worker.looked.order_by("-at", "-pk")[:LOOKED_SHOWN]),
            "person": queries.older_person(worker) if self.actor.can("people.view") else None,
            "events": _events(worker.pk),
        }

    def _spell(self, row: Employment, day: dt.date) -> SpellLine:
        employer = row.employer
        place = row.place
        url = place.get_absolute_url() if place and self.actor.can("places.view", place) else ""
        mine = self.actor.can("workforce.edit", row)
        return SpellLine(row, kinds.post_name(row.post), str(employer), url, mine, row.holds_on(day))

    def _panels(self, day: dt.date) -> list[dict[str, Any]]:
        return [
            {"label": p.label, "template": p.template, "data": data}
            for p in house().worker_panels
            if self.may(p.right) and (data := p.context(self.actor, self.worker.pk, day)) is not None
        ]


class WorkerSheet(WorkerPage):
    """The same file on one printed page, masked."""

    template = "workforce/sheet.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("从业人员"), reverse("workforce:list")),
            Crumb(self.worker.name, self.worker.get_absolute_url()),
            Crumb(_("打印")),
        )


def _certificate(row: Certificate, day: dt.date) -> CertificateLine:
    found = standing([row.kind], [holding(row)], day)
    words = {
        "good": _("有效"),
        "expiring": _("%(days)d天内到期") % {"days": SOON_DAYS},
        "expired": _("已注销") if row.revoked_on and row.revoked_on <= day else _("已过期"),
        "missing": _("尚未生效"),
    }
    label, level = kinds.certificate_name(row.kind), kinds.level_name(row.kind, row.level)
    return CertificateLine(row, label, level, words[found.state], TONES[found.state])


STATES = {
    "good": gettext_lazy("符合"),
    "expiring": gettext_lazy("即将到期"),
    "expired": gettext_lazy("已过期"),
    "missing": gettext_lazy("无证"),
}


def _demands(spells: list[Employment], held: list[Certificate], day: dt.date) -> Any:
    book = Rulebook()
    holdings = [holding(c) for c in held]
    for spell in spells:
        if not spell.holds_on(day):
            continue
        for demand in book.at(spell.division_id).of(spell.post):
            found = standing(demand.any_of, holdings, day, min_level=demand.min_level)
            yield DemandLine(
                kinds.post_name(spell.post),
                demand.names,
                STATES[found.state],
                TONES[found.state] if demand.is_law or found.state == "good" else "info",
                found.until,
                demand.source,
                not demand.is_law,
            )


def _sealed(worker: Worker) -> list[SealedLine]:
    labels = (("id_number", gettext_lazy("公民身份号码")), ("phone", gettext_lazy("联系电话")))
    return [SealedLine(label, field, str(getattr(worker, field))) for field, label in labels]


def _events(worker_id: int) -> list[TimelineEvent]:
    """What other rooms and this one know to have happened, latest first."""
    found = [event for tell in house().worker_timeline for event in tell(worker_id)]
    return sorted(found, key=lambda e: _day(e.on), reverse=True)[:30]


def _day(on: dt.date | dt.datetime) -> dt.date:
    return on.date() if isinstance(on, dt.datetime) else on


@never_cache
@require_POST
@page(right="workforce.reveal")
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A personal field in clear. Never cached, never in an address."""
    worker = get_object_or_404(Worker, pk=pk)
    actor = request.actor  # type: ignore[attr-defined]
    return revealed(
        request,
        lambda field, purpose: actions.reveal(actor, worker, field=field, purpose=purpose),
        title=worker.name,
        back=worker.get_absolute_url(),
        fields="id_number|phone",
    )


@never_cache
@page(right="workforce.view")
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The scan of a certificate."""
    row = get_object_or_404(Certificate.objects.select_related("evidence"), pk=pk)
    if row.evidence is None:
        raise Http404("no scan was kept")
    return download(row.evidence)
