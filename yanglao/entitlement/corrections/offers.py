"""What corrections bring to the desk, to a person's page and to figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.corrections import figures
from yanglao.entitlement.corrections.models import Correction, Debt, Hold, Prospect
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, Measure, OpenMatter, TimelineEvent
from yanglao.kernel.scope import everything
from yanglao.registers.people.queries import files_of


def desk(actor: Actor) -> Iterator[DeskItem]:
    """What waits: corrections, signatures, withheld payments, people to be asked."""
    if actor.can("corrections.decide"):
        count = Correction.objects.filter(state=Correction.State.PROPOSED).count()
        url = reverse("corrections:list") + "?state=proposed"
        yield DeskItem(_("待决定的补发和追回"), url, count, order=12)
        holds = Hold.objects.filter(state=Hold.State.OPEN).count()
        yield DeskItem(_("暂停发放，待处理"), reverse("corrections:holds") + "?state=open", holds, order=13)
    if actor.can("corrections.approve"):
        count = Correction.objects.filter(state=Correction.State.ASKED).count()
        yield DeskItem(_("待审批的免予更正"), reverse("corrections:list") + "?state=asked", count, order=12)
        debts = Debt.objects.filter(state=Debt.State.ASKED).count()
        yield DeskItem(_("待审批的核销"), reverse("corrections:debts") + "?state=asked", debts, order=12)
    if actor.can("corrections.confirm"):
        yield _prospects()


def _prospects() -> DeskItem:
    waiting = [Prospect.State.OPEN, Prospect.State.NO_ACCOUNT]
    count = Prospect.objects.filter(state__in=waiting).count()
    hint = _("即将到龄或停发的老人，请联系本人或代办人")
    return DeskItem(
        _("免申即享待确认"), reverse("corrections:prospects") + "?state=open", count, hint=hint, order=14
    )


def timeline(person_id: int) -> Iterable[TimelineEvent]:
    """Debts and withheld payments of a person."""
    files = files_of(person_id)
    for debt in Debt.objects.filter(payee_kind="person", payee_id__in=files).order_by("-pk"):
        title = _("应追回 %(yuan)s 元（%(state)s）") % {
            "yuan": f"{debt.amount_fen / 100:,.2f}",
            "state": debt.get_state_display(),
        }
        yield TimelineEvent(
            debt.raised_at, title, debt.number, debt.get_absolute_url(), "receipt-refund", "benefit"
        )
    for hold in Hold.objects.filter(person_id__in=files).order_by("-pk"):
        title = _("暂停发放（%(state)s）") % {"state": hold.get_state_display()}
        yield TimelineEvent(
            hold.opened_at, title, hold.reason, hold.get_absolute_url(), "player-pause", "benefit"
        )


def still_owed(person_id: int) -> Iterator[OpenMatter]:
    """Debts of the deceased: to be paid back or written off before the file is closed."""
    with everything("what a deceased person still owes"):
        rows = Debt.objects.filter(
            payee_kind="person",
            payee_id__in=files_of(person_id),
            state__in=[Debt.State.OPEN, Debt.State.ASKED],
        )
        for debt in rows.order_by("pk"):
            hint = _("尚欠 %(yuan)s 元") % {"yuan": f"{debt.owed_fen / 100:,.2f}"}
            yield OpenMatter(_("应追回款未结清"), debt.get_absolute_url(), hint)


def _url(on: object, division: int) -> str:
    return f"{reverse('corrections:list')}?division={division}"


def _measures() -> Iterator[Measure]:
    for name, label in figures.ERRORS.items():
        for column, what, unit in (
            ("people", gettext_lazy("人数"), gettext_lazy("人")),
            ("yuan", gettext_lazy("金额"), gettext_lazy("元")),
        ):
            yield Measure(
                f"corrections.{name}_{column}",
                _joined(label, what),
                unit,
                figures.count(name, column),
                figures.records(name),
                "division",
                _url,
                gettext_lazy("重算发现的差错，按待遇所属月份"),
            )


def _joined(label: object, what: object) -> object:

    return format_lazy("{}{}", label, what)


MEASURES = tuple(_measures())
