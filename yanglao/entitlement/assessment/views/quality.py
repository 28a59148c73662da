"""Quality: draws, agreement, and each assessor's figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.assessment import actions, queries, rules, scales
from yanglao.entitlement.assessment.forms import DrawForm
from yanglao.entitlement.assessment.models import Sample, SampleLine
from yanglao.entitlement.assessment.terms import terms_for
from yanglao.entitlement.assessment.views.base import SAMPLE, OneRecord, home
from yanglao.shell.pages import Button, Column, Crumb, Empty, FormPage, ListPage, PageView


def samples_crumb() -> Crumb:
    return Crumb(_("质量抽查"), reverse("assessment:samples"))


class StatisticsPage(PageView):
    """How many each assessor signed, the mean level, and drift against colleagues."""

    right = SAMPLE
    title = gettext_lazy("评估员统计")
    template = "assessment/statistics.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    def asked(self) -> tuple[str, dt.date, dt.date]:
        """The scale and the days asked for; the national scale and this year so far otherwise."""
        today = queries.today()
        first = _day(self.request.GET.get("first"), today.replace(month=1, day=1))
        last = _day(self.request.GET.get("last"), today)
        scale = self.request.GET.get("scale", "")
        return scale if scale in dict(scales.choices()) else scales.NATIONAL, first, last

    def context(self) -> dict[str, Any]:
        scale, first, last = self.asked()
        return {
            "rows": queries.statistics(scale, first, last),
            "first": first,
            "last": last,
            "scale": scale,
            "scales": scales.choices(),
            "few": rules.FEW,
        }


def _day(text: str | None, otherwise: dt.date) -> dt.date:
    try:
        return parse_date(text or "") or otherwise
    except ValueError:
        return otherwise


class SampleList(ListPage):
    """Draws."""

    model = Sample
    right = SAMPLE
    title = gettext_lazy("质量抽查")
    order = "-pk"
    columns = (
        Column("days", gettext_lazy("时间"), value=str, link=True),
        Column("division_id", gettext_lazy("区划"), kind="division"),
        Column("scale", gettext_lazy("量表"), value=lambda s: scales.number_of(s.scale)),
        Column("percent", gettext_lazy("抽查比例"), kind="percent", value=lambda s: s.percent / 100),
        Column("population", gettext_lazy("总数"), kind="number"),
        Column("size", gettext_lazy("抽取数"), kind="number"),
        Column("drawn_by", gettext_lazy("抽取人"), minor=True),
        Column("drawn_at", gettext_lazy("抽取时间"), kind="datetime", minor=True),
    )
    buttons = (Button(gettext_lazy("抽取样本"), "assessment:draw", SAMPLE, icon="plus", main=True),)
    empty = Empty(
        gettext_lazy("还没有抽查"), gettext_lazy("按比例抽取已签名的评估，由另一名评估员复评。"), buttons
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class DrawPage(FormPage):
    """Draw a sample."""

    right = SAMPLE
    title = gettext_lazy("抽取样本")
    lead = gettext_lazy("种子和总数会留存，任何人都可以据此重抽，得到同样的样本。复评的人看不到原来的结果。")
    form_class = DrawForm
    submit = gettext_lazy("抽取")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), samples_crumb())

    def initial(self) -> dict[str, Any]:
        last = queries.today().replace(day=1) - dt.timedelta(days=1)
        division = self.actor.division
        return {
            "division": division,
            "scale": scales.NATIONAL,
            "first_day": last.replace(day=1),
            "last_day": last,
            "percent": terms_for(division or 0).sample_percent,
        }

    def perform(self, data: dict[str, Any]) -> Sample:
        return actions.draw(self.actor, **data)

    def done_url(self, result: Sample) -> str:
        return result.get_absolute_url()


class SamplePage(ListPage):
    """One draw: its seed, its lines, and how far the two agree, item by item."""

    model = SampleLine
    right = SAMPLE
    template = "assessment/sample.html"
    related = (
        "assessment__person",
        "assignment__first",
        "assignment__assessment",
    )
    order = "order,pk"
    export_right = SAMPLE
    columns = (
        Column("order", gettext_lazy("次序"), value=lambda r: str(r.order), link=True),
        Column("person", gettext_lazy("姓名"), value=lambda r: r.assessment.person.name),
        Column("made_on", gettext_lazy("评估日期"), kind="date", value=lambda r: r.assessment.made_on),
        Column(
            "level",
            gettext_lazy("原等级"),
            value=lambda r: scales.level_label(r.assessment.scale, r.assessment.level),
        ),
        Column(
            "by",
            gettext_lazy("复评人"),
            value=lambda r: str(r.assignment.first) if r.assignment else _("没有合格的人"),
        ),
        Column("again", gettext_lazy("复评等级"), value=lambda r: _again(r)),
        Column(
            "state",
            gettext_lazy("结果"),
            value=lambda r: _agrees(r)[0],
            tone=lambda r: _agrees(r)[1],
        ),
    )

    @cached_property
    def sample(self) -> Sample:
        return get_object_or_404(Sample.objects.all(), pk=self.kwargs["pk"])

    def page_title(self) -> Any:
        return _("质量抽查 %(days)s") % {"days": self.sample}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), samples_crumb())

    def queryset(self) -> QuerySet[Any]:
        return SampleLine.objects.filter(sample=self.sample)

    def row_url(self, row: Any) -> str:
        return str(row.get_absolute_url()) if _repeat(row) else ""

    def context(self) -> dict[str, Any]:
        return {**super().context(), "sample": self.sample, "agreement": queries.agreement(self.sample)}


def _repeat(row: SampleLine) -> Any:
    made = getattr(row.assignment, "assessment", None) if row.assignment else None
    return made if made is not None and made.signed_at else None


def _again(row: SampleLine) -> str:
    made = _repeat(row)
    return scales.level_label(made.scale, made.level) if made else "—"


def _agrees(row: SampleLine) -> tuple[str, str]:
    made = _repeat(row)
    if made is None:
        return _("待复评"), "dull"
    return (_("一致"), "good") if made.level == row.assessment.level else (_("等级不一致"), "bad")


class AgreementPage(OneRecord):
    """One pair, item by item."""

    model = SampleLine
    right = SAMPLE
    related = ("sample", "assessment__person", "assessment__version", "assignment__assessment")
    template = "assessment/agreement.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        sample = self.record.sample
        return (home(), samples_crumb(), Crumb(str(sample), sample.get_absolute_url()))

    def page_title(self) -> Any:
        return _("第 %(order)d 号") % {"order": self.record.order}

    def context(self) -> dict[str, Any]:
        line = self.record
        made = _repeat(line)
        rows = []
        for item in line.assessment.version.read.items():
            first = line.assessment.answers.get(item.code)
            second = made.answers.get(item.code) if made else None
            rows.append(
                (item, first, item.options.get(first), second, item.options.get(second), first == second)
            )
        return {"line": line, "made": made, "rows": rows}
