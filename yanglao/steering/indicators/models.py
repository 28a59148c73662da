"""Indicators (指标), their versions, and their values by place and month."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel
from yanglao.steering.indicators.rules import Amount, Kind


class Indicator(models.Model):
    """An indicator as it is defined now. Definitions are public: they are not scoped."""

    KINDS = [
        (Kind.STOCK.value, _("时点数")),
        (Kind.INCREMENT.value, _("当年新增")),
        (Kind.CUMULATIVE.value, _("累计数")),
        (Kind.RATIO.value, _("占比")),
        (Kind.DENSITY.value, _("每万人拥有量")),
        (Kind.FLOW.value, _("日均量")),
        (Kind.MILESTONE.value, _("完成节点")),
    ]
    code = models.SlugField(_("指标代码"), max_length=60, unique=True)
    version = models.PositiveSmallIntegerField(_("版本"))
    name = models.CharField(_("指标"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120)
    words = models.TextField(_("指标解释"))
    unit = models.CharField(_("计量单位"), max_length=12)
    kind = models.CharField(_("类型"), max_length=12, choices=KINDS)
    digits = models.PositiveSmallIntegerField(_("小数位"), default=0)
    reported = models.BooleanField(_("自报"))
    reported_by = models.CharField(_("填报级别"), max_length=10)
    numerator = models.CharField(_("分子"), max_length=60, blank=True)
    denominator = models.CharField(_("分母"), max_length=60, blank=True)
    numerator_name = models.CharField(_("分子名称"), max_length=80, blank=True)
    denominator_name = models.CharField(_("分母名称"), max_length=80, blank=True)
    date_rule = models.CharField(_("日期规则"), max_length=12)
    since = models.DateField(_("起算日期"), null=True, blank=True)
    breakdowns = models.JSONField(_("分组"), default=list)
    source = models.CharField(_("出处"), max_length=200)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("指标")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    @property
    def of_kind(self) -> Kind:
        return Kind(self.kind)

    @property
    def whole(self) -> bool:
        """Counts persons or things."""
        return not self.of_kind.has_denominator and self.digits == 0


class IndicatorVersion(models.Model):
    """A definition as it once stood: a value keeps the version it was made with."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("版本"))
    body = models.JSONField(_("定义"))
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(_("载入时间"), auto_now_add=True)

    class Meta:
        ordering = ["indicator", "version"]
        verbose_name = _("指标版本")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "version"], name="indicator_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.version}"


class IndicatorValue(ScopedModel):
    """The number of one indicator, place and month; a computed and a reported one may stand side by side.

    ``as_of`` is the day counted: the month's last, or the day of computing while the month still ran.
    ``coverage`` is the share (per thousand) of reporting units behind a reported number.
    """

    scope_right = "indicators.view"
    # no index of their own: the unique constraint begins with the one, the board's index with the other
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", db_index=False)
    version = models.PositiveSmallIntegerField(_("版本"))
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), db_index=False)
    month = models.DateField(_("月份"))
    as_of = models.DateField(_("统计日"))
    numerator = models.DecimalField(_("分子"), max_digits=20, decimal_places=4)
    denominator = models.DecimalField(_("分母"), max_digits=20, decimal_places=4, null=True)
    reported = models.BooleanField(_("自报"), default=False)
    coverage = models.PositiveSmallIntegerField(_("完整率（千分）"), default=1000)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        ordering = ["indicator", "division", "month"]
        verbose_name = _("指标数值")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "division", "month", "reported"], name="indicator_value_once"
            ),
            models.CheckConstraint(condition=models.Q(coverage__lte=1000), name="indicator_coverage_share"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="indicator_month_first_day"),
        ]
        indexes = [models.Index(fields=["division", "month"], name="indicator_value_board")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.division_id} {self.month:%Y-%m}"

    @property
    def amount(self) -> Amount:
        below = None if self.denominator is None else Fraction(self.denominator)
        return Amount(Fraction(self.numerator), below)


class IndicatorPart(ScopedModel):
    """A part of a computed number (分组数值): of one value of a dimension, such as the private homes of all homes.

    Only what is there is kept: a part that is missing beside its number is nought. ``value`` is "" where the
    register does not know it.
    """

    scope_right = "indicators.view"
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="parts", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), db_index=False)
    month = models.DateField(_("月份"))
    dimension = models.CharField(_("分组"), max_length=20)
    value = models.CharField(_("组别"), max_length=40, blank=True)
    numerator = models.DecimalField(_("分子"), max_digits=20, decimal_places=4)
    denominator = models.DecimalField(_("分母"), max_digits=20, decimal_places=4, null=True)

    class Meta:
        ordering = ["indicator", "division", "month", "dimension", "value"]
        verbose_name = _("指标分组数值")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "division", "month", "dimension", "value"], name="indicator_part_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.division_id} {self.month:%Y-%m} {self.dimension}={self.value}"

    @property
    def amount(self) -> Amount:
        below = None if self.denominator is None else Fraction(self.denominator)
        return Amount(Fraction(self.numerator), below)
