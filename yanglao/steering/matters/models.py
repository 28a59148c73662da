"""Matters: what has to be seen to by a day, and the money that belongs to it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.cases.models import Case
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel
from yanglao.steering.matters.vocabulary import category_words, kinds


class Matter(ScopedModel):
    """A proposal to answer, a bottleneck, an item of a list, a fund 督办事项. Its steps, papers and dates are its case's.

    `closed_on` and `result` follow the case. `origin` is where it was taken over from, "" when it was typed:
    a document and a place in it ("12-item-340", see `documents.views_hand`); what stands there is taken over once. `number` is the document's own (第71号), once per kind and division.
    """

    scope_right = "matters.view"
    kind = models.CharField(_("类别"), max_length=20)
    category = models.CharField(_("分类"), max_length=20)
    number = models.CharField(_("编号"), max_length=40, blank=True)
    title = models.CharField(_("事项"), max_length=200)
    words = models.TextField(_("内容"), blank=True, max_length=5000)
    source = models.CharField(_("来源文件"), max_length=200, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在区划"))
    lead = models.CharField(_("牵头单位"), max_length=60)
    partners = models.CharField(_("配合单位"), max_length=200, blank=True)
    registered_on = models.DateField(_("登记日期"))
    due_on = models.DateField(_("办理期限"))
    planned_fen = models.BigIntegerField(_("计划资金"), null=True, blank=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="matter", verbose_name=_("办件"))
    origin = models.CharField(_("文件中的位置"), max_length=60, blank=True, editable=False)
    result = models.CharField(_("结果"), max_length=40, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("督办事项")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "division"],
                condition=~models.Q(number=""),
                name="matters_number_once",
            ),
            models.UniqueConstraint(
                fields=["origin"], condition=~models.Q(origin=""), name="matters_taken_over_once"
            ),
            models.CheckConstraint(condition=models.Q(planned_fen__gte=0), name="matters_plan_not_negative"),
            models.CheckConstraint(
                condition=models.Q(result="", closed_on=None)
                | ~models.Q(result="") & models.Q(closed_on__isnull=False),
                name="matters_closed_with_a_result",
            ),
        ]
        indexes = [models.Index(fields=["division", "kind", "closed_on"], name="matters_of_a_place")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("matters:matter", args=[self.pk])

    @property
    def kind_words(self) -> str:
        return str(kinds().get(self.kind, self.kind))

    @property
    def category_words(self) -> str:
        return category_words(self.kind, self.category)

    @property
    def late(self) -> bool:
        return self.closed_on is None and self.due_on < timezone.localdate()


class Movement(ScopedModel):
    """Money of a matter that arrived or was spent 资金进出. Append-only: a mistake is set right by its opposite."""

    class What(models.TextChoices):
        ARRIVED = "arrived", _("到位")
        SPENT = "spent", _("支出")

    scope_right = "matters.view"
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="movements")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    what = models.CharField(_("进出"), max_length=8, choices=What)
    on = models.DateField(_("日期"))
    fen = models.BigIntegerField(_("金额"))
    voucher = models.CharField(_("凭证号"), max_length=60)
    remark = models.CharField(_("摘要"), max_length=200, blank=True)
    recorded_by = models.CharField(_("登记人"), max_length=140)
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("资金进出")
        constraints = [
            models.UniqueConstraint(fields=["matter", "what", "voucher"], name="matters_voucher_once"),
            models.CheckConstraint(condition=~models.Q(fen=0), name="matters_movement_not_nought"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.what} {self.on} {self.fen}"
