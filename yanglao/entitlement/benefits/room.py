"""What benefits offer to the house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits import approval, books, casework, computing, queries, street_lists, yearly
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.naming import title_of
from yanglao.entitlement.benefits.packs import POLICIES, STANDARDS
from yanglao.entitlement.benefits.story import month_text
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.events import CaseEnded
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import (
    CaseHandler,
    DeskItem,
    Measure,
    MenuEntry,
    OpenMatter,
    PersonPanel,
    PlacePanel,
    Right,
    Room,
    Subscription,
    Tile,
    TimelineEvent,
)
from yanglao.kernel.scope import Level, everything
from yanglao.registers.places.models import Place
from yanglao.registers.workforce.models import Worker

_WAITING = (
    (Run.State.FAILED, "benefits.run", gettext_lazy("测算失败，待处理")),
    (Run.State.COMPUTED, "benefits.review", gettext_lazy("待复核的发放批次")),
    (Run.State.REVIEWED, "benefits.approve", gettext_lazy("待审批的发放批次")),
)
_STEPS = {"benefits.review": ("review",), "benefits.approve": ("approve", "approve_high")}


def desk(actor: Actor) -> Iterator[DeskItem]:
    """Runs that wait for something the actor may do, and people his street is to look at."""
    if actor.can("benefits.check"):
        yield from _to_check()
    if actor.can("benefits.run"):
        yield from _to_sum_up(actor)
    runs = list(queries.runs_of(actor).filter(state__in=[s for s, _r, _t in _WAITING])) if _any(actor) else []
    for state, right, title in _WAITING:
        mine = [r for r in runs if r.state == state and _waits(r, right) and actor.can(right, r.division_id)]
        if mine:
            url = reverse("benefits:run", args=[mine[0].pk]) if len(mine) == 1 else reverse("benefits:runs")
            yield DeskItem(title, url, len(mine), hint="、".join(r.title for r in mine[:3]), order=10)


def _waits(run: Run, right: str) -> bool:
    """Whether it is at a step of that right; one without a case is told by its state alone."""
    return right not in _STEPS or run.case is None or run.case.step in _STEPS[right]


def _to_check() -> Iterator[DeskItem]:
    """A street's list each: how many wait, until when, how many of them are late."""
    for waiting in street_lists.waiting_lists():
        late = waiting.due is not None and waiting.due < timezone.localdate()
        yield DeskItem(
            _("待核实的抽查对象"),
            reverse("benefits:street", args=[waiting.run.pk, waiting.street]),
            waiting.count,
            due=waiting.due,
            late=waiting.count if late else 0,
            hint=f"{full_name(waiting.street, below=Level.CITY)} · {waiting.run.title}",
            order=9,
        )


def _to_sum_up(actor: Actor) -> Iterator[DeskItem]:
    """Runs all of whose streets have answered."""
    runs = queries.runs_of(actor).filter(case__step="spot_check", case__state="open")
    ready = [
        run
        for run in runs
        if actor.can("benefits.run", run.division_id)
        and all(row.done for row in street_lists.street_lists(run))
    ]
    for run in ready:
        url = reverse("benefits:run", args=[run.pk])
        yield DeskItem(_("街道抽查已报齐，待汇总"), url, 1, hint=run.title, order=9)


def _any(actor: Actor) -> bool:
    return any(actor.can(right) for _s, right, _t in _WAITING)


def tiles(actor: Actor) -> Iterator[Tile]:
    """People and money of the latest month that was approved, in the actor's divisions."""
    latest = (
        queries.runs_of(actor).filter(state__in=queries.PAYABLE).first()
        if actor.can("benefits.view")
        else None
    )
    if latest is None:
        return
    people, fen = queries.sum_in_scope(latest)
    url = reverse("benefits:run", args=[latest.pk])
    detail = _("%(yuan)s 元") % {"yuan": f"{fen / 100:,.2f}"}
    yield Tile(
        _("%(month)s享受津贴") % {"month": month_text(latest.month)}, people, _("人"), url, detail, order=20
    )


def timeline(person_id: int) -> Iterator[TimelineEvent]:
    """Each month's grant of a person."""
    for line in queries.received(person_id):
        yield TimelineEvent(
            on=date(line.month // 100, line.month % 100, 1),
            title=_("%(title)s %(yuan)s 元")
            % {"title": line.run.title, "yuan": f"{line.amount_fen / 100:,.2f}"},
            detail=computing.reason_of(line),
            url=reverse("benefits:line", args=[line.pk]),
            icon="cash",
            kind="benefit",
        )


def _lines_url(on: date, division: int) -> str:
    run = Run.objects.filter(month=on.year * 100 + on.month, state__in=queries.PAYABLE).first()
    return f"{reverse('benefits:lines', args=[run.pk])}?division={division}" if run else ""


def still_granted(person_id: int) -> Iterator[OpenMatter]:
    """Grants for months after the person's death: they have to stop, or to be claimed back."""
    found = queries.granted_after_death(person_id)
    if found:
        last = found[0]
        hint = _("最近一笔 %(month)s，请停发并核对追回") % {"month": month_text(last.month)}
        yield OpenMatter(_("去世后仍有发放"), reverse("benefits:line", args=[last.pk]), hint)


def panel(actor: Actor, person_id: int, as_of: date) -> dict[str, object]:
    """What each policy gives or refuses this person in the month of `as_of`."""
    told = computing.explained_now(person_id, actor.division or 0, as_of)
    return {"explanations": told, "month": month_text(as_of.year * 100 + as_of.month)}


def place_panel(actor: Actor, place_id: int, as_of: date) -> dict[str, object] | None:
    """What each policy gives or refuses a place in the month of `as_of`, and what it was granted before."""
    return _of_payee("place", place_id, Place._base_manager.get(pk=place_id).division_id, as_of)


def worker_panel(actor: Actor, worker_id: int, as_of: date) -> dict[str, object] | None:
    """The same of a worker."""
    return _of_payee("worker", worker_id, Worker._base_manager.get(pk=worker_id).division_id, as_of)


def _of_payee(kind: str, pk: int, division: int, as_of: date) -> dict[str, object] | None:
    told = computing.explained_now(pk, division, as_of, kind)
    titles = {p.id: title_of(p) for p in books.policies_of(division)}
    with everything("what was granted to one whose page is seen"):
        rows = queries.granted_to(kind, pk)
    granted = [
        (month_text(r["month"]), titles.get(r["policy"], r["policy"]), r["lines"], r["fen"]) for r in rows
    ]
    return {"explanations": told, "granted": granted} if told or granted else None


room = Room(
    name="benefits",
    label=gettext_lazy("待遇"),
    verbs={
        "benefits.start": gettext_lazy("发起测算"),
        "benefits.compute": gettext_lazy("测算批次"),
        "benefits.fail": gettext_lazy("记录测算失败"),
        "benefits.review": gettext_lazy("复核批次"),
        "benefits.approve": gettext_lazy("审批批次"),
        "benefits.send_back": gettext_lazy("退回批次"),
        "benefits.cancel": gettext_lazy("作废批次"),
        "benefits.sum_up": gettext_lazy("汇总抽查"),
        "benefits.check": gettext_lazy("核实抽查的人"),
        "benefits.answer_spots": gettext_lazy("报送抽查清单"),
        "benefits.excuse_spots": gettext_lazy("说明抽查未尽的原因"),
        "benefits.lift_spot": gettext_lazy("消除抽查异议"),
        "benefits.object": gettext_lazy("登记公示异议"),
        "benefits.object_together": gettext_lazy("登记涉及多个对象的公示异议"),
        "benefits.decide_together": gettext_lazy("一并核查公示异议"),
        "benefits.decide_objection": gettext_lazy("核查公示异议"),
        "benefits.settle_objections": gettext_lazy("异议处理完毕"),
        "benefits.raise": gettext_lazy("报分管领导审批"),
        "benefits.close": gettext_lazy("办结批次"),
    },
    rights=(
        Right("benefits.view", gettext_lazy("查看待遇发放")),
        Right("benefits.run", gettext_lazy("发起测算")),
        Right("benefits.check", gettext_lazy("核实抽查的人、登记公示异议")),
        Right("benefits.review", gettext_lazy("复核批次")),
        Right("benefits.approve", gettext_lazy("审批批次")),
        Right("benefits.export", gettext_lazy("导出发放明细")),
    ),
    menu=(
        MenuEntry(
            gettext_lazy("待遇发放"), "benefits:runs", "benefits.view", "cash", gettext_lazy("待遇"), 30
        ),
        MenuEntry(
            gettext_lazy("待遇政策"), "benefits:policies", "benefits.view", "book", gettext_lazy("待遇"), 31
        ),
    ),
    desk=(desk,),
    tiles=(tiles,),
    timeline=(timeline,),
    open_matters=(still_granted,),
    person_panels=(
        PersonPanel(gettext_lazy("本月待遇"), "benefits.view", "benefits/parts/panel.html", panel, order=20),
    ),
    place_panels=(
        PlacePanel(
            gettext_lazy("补贴"), "benefits.view", "benefits/parts/subject.html", place_panel, order=60
        ),
    ),
    worker_panels=(
        PersonPanel(
            gettext_lazy("补贴"), "benefits.view", "benefits/parts/subject.html", worker_panel, order=60
        ),
    ),
    packs=(STANDARDS, POLICIES, approval.STANDARD, approval.CITY),
    cases=(
        CaseHandler(
            process=casework.PROCESS,
            label=gettext_lazy("待遇发放批次"),
            subject_kind=casework.SUBJECT,
            url=casework.page,
            on_done=casework.step_done,
        ),
    ),
    subscriptions=(Subscription(CaseEnded, casework.ended),),
    measures=(
        Measure(
            "benefits.recipients",
            gettext_lazy("享受津贴人数"),
            gettext_lazy("人"),
            queries.recipients_by_division,
            queries.recipient_records,
            "division",
            _lines_url,
            gettext_lazy("已审批批次中当月应发人数"),
        ),
        Measure(
            "benefits.amount",
            gettext_lazy("津贴金额"),
            gettext_lazy("元"),
            queries.amount_by_division,
            queries.recipient_records,
            "division",
            _lines_url,
            gettext_lazy("已审批批次中当月应发金额"),
        ),
        Measure(
            "benefits.beneficiaries_year",
            gettext_lazy("年初以来享受补贴的老年人"),
            gettext_lazy("万人"),
            yearly.beneficiaries,
            yearly.lines,
            note=gettext_lazy("已审批批次，同一人不论几项政策、几个月只计一次"),
        ),
        Measure(
            "benefits.spending_ever",
            gettext_lazy("历年核定的补贴资金"),
            gettext_lazy("亿元"),
            yearly.spending,
            note=gettext_lazy("已审批批次，含发给老年人、机构和人员的各项补贴"),
        ),
    ),
)
