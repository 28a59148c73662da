"""Who worked where, as what, from when to when."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.registers.workforce.models.worker import Worker


class Employment(ScopedModel):
    """A spell of employment 任职: one post at one employer, on the days from `starts` up to, not including, `ends`.

    A change of post, of hours or of employer ends the row and begins another. A correction writes a new row and
    sets `replaced_at` of the old one, so that what was known at any moment can be asked again. The employer is a
    place, an operator or another organisation; `division` is where it lies. `main`: the spell the worker's
    projection shows; a person may hold several part-time posts, one full-time post at most on any day
    (the database refuses a second: `NoOverlap` in the first migration).
    """

    class Contract(models.TextChoices):
        LABOUR = "labour", _("劳动合同")
        DISPATCH = "dispatch", _("劳务派遣")
        SERVICE = "service", _("劳务协议（含退休返聘）")
        PUBLIC = "public", _("事业编制")
        INTERN = "intern", _("实习")
        NONE = "none", _("未签合同")

    class Insured(models.TextChoices):
        FULL = "full", _("已参加职工社会保险")
        INJURY = "injury", _("仅工伤或意外伤害保险")
        OWN = "own", _("本人以灵活就业身份参保")
        NONE = "none", _("未参保")

    class Pay(models.TextChoices):
        BELOW_3000 = "0", _("3000元以下")
        FROM_3000 = "3000", _("3000—3999元")
        FROM_4000 = "4000", _("4000—4999元")
        FROM_5000 = "5000", _("5000—6999元")
        FROM_7000 = "7000", _("7000—9999元")
        FROM_10000 = "10000", _("10000元以上")

    class Left(models.TextChoices):
        RESIGNED = "resigned", _("本人辞职")
        EXPIRED = "expired", _("合同到期")
        DISMISSED = "dismissed", _("单位解除")
        RETIRED = "retired", _("退休")
        TRANSFERRED = "transferred", _("调动")
        CHANGED = "changed", _("岗位变动")
        CLOSED = "closed", _("机构停业")
        DIED = "died", _("死亡")
        OTHER = "other", _("其他")

    scope_right = "workforce.view"
    scope_owner_paths: ClassVar[tuple[str, ...]] = (
        "place__organisation",
        "operator__organisation",
        "organisation",
    )

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="spells", verbose_name=_("从业人员"))
    place = models.ForeignKey(
        "places.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构设施")
    )
    operator = models.ForeignKey(
        "places.Operator", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("运营方")
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("其他单位"),
    )
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("工作地"), related_name="+", editable=False
    )
    post = models.CharField(_("岗位"), max_length=30)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    full_time = models.BooleanField(_("全职"), default=True)
    starts = models.DateField(_("入职日期"))
    ends = models.DateField(_("离职日期"), null=True, blank=True)
    left = models.CharField(_("离职原因"), max_length=12, choices=Left.choices, blank=True)
    contract = models.CharField(_("用工形式"), max_length=10, choices=Contract.choices, blank=True)
    contract_until = models.DateField(_("合同到期日"), null=True, blank=True)
    insured = models.CharField(_("社会保险"), max_length=10, choices=Insured.choices, blank=True)
    pay = models.CharField(_("基本工资"), max_length=6, choices=Pay.choices, blank=True)
    main = models.BooleanField(_("主要岗位"), default=False, editable=False)
    source = models.CharField(_("来源"), max_length=100)
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(_("更正时间"), null=True, editable=False)

    class Meta:
        ordering = ["-starts", "-id"]
        verbose_name = _("任职")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")), name="workforce_employment_dates"
            ),
            models.CheckConstraint(
                condition=(
                    Q(place__isnull=False, operator=None, organisation=None)
                    | Q(place=None, operator__isnull=False, organisation=None)
                    | Q(place=None, operator=None, organisation__isnull=False)
                ),
                name="workforce_employment_one_employer",
            ),
            models.UniqueConstraint(
                fields=["worker"],
                condition=Q(main=True, replaced_at=None),
                name="workforce_one_main_spell",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "starts"], name="workforce_spell_place"),
            models.Index(fields=["operator", "starts"], name="workforce_spell_operator"),
            models.Index(fields=["post", "division"], name="workforce_spell_post"),
            models.Index(fields=["division", "starts"], name="workforce_spell_division"),
            models.Index(fields=["worker", "starts"], name="workforce_spell_worker"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.starts}"

    @property
    def employer(self) -> models.Model | None:
        """The place, operator or organisation he works for."""
        return self.place or self.operator or self.organisation

    def holds_on(self, day: dt.date) -> bool:
        """Whether he was in this post on a day, by what is known now."""
        return self.replaced_at is None and self.starts <= day and not (self.ends and self.ends <= day)
