"""Estates (住宅小区), the premises for elderly care they owe (配建用房), and what happened to them."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel
from yanglao.kernel.text import PrefixField

Area = models.DecimalField


class Kind(models.TextChoices):
    NEW = "new", _("新建小区")
    EXISTING = "existing", _("已建成小区")


class Stage(models.TextChoices):
    """In the order of `rules.STAGES`."""

    PLANNED = "planned", _("规划明确")
    DESIGNED = "designed", _("设计审查")
    DELIVERED = "delivered", _("建成交付")
    ACCEPTED = "accepted", _("验收合格")
    HANDED_OVER = "handed_over", _("办理移交")
    USED = "used", _("投入使用")


class Norm(models.Model):
    """A city's rule 配建标准, from its folder (`estates.yaml`)."""

    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("适用区划"), related_name="+"
    )
    kind = models.CharField(_("小区类型"), max_length=10, choices=Kind.choices)
    valid_from = models.DateField(_("起用日期"))
    per_100_households = Area(_("每百户面积（㎡）"), max_digits=8, decimal_places=2)
    minimum = Area(_("单处最小面积（㎡）"), max_digits=8, decimal_places=2)
    hand_over_days = models.PositiveSmallIntegerField(_("竣工后移交期限（天）"), null=True)
    title = models.CharField(_("依据"), max_length=200)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    confidence = models.CharField(_("把握"), max_length=12)

    class Meta:
        ordering = ["division", "kind", "valid_from"]
        verbose_name = _("配建标准")
        constraints = [
            models.UniqueConstraint(fields=["division", "kind", "valid_from"], name="estates_norm_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}{self.number}"

    @property
    def sure(self) -> bool:
        """Whether the figure was seen in its source; else it is shown as to be checked (待核实)."""
        return self.confidence in {"verified", "seen"}


class Estate(ScopedModel):
    """A residential estate 住宅小区 and the area it owes; `required_area` and `norm` follow from the city's rules."""

    scope_right = "estates.view"

    name = PrefixField(_("小区名称"), max_length=80, db_index=True)
    pinyin = PrefixField(_("拼音"), max_length=240, db_index=True, editable=False)
    initials = PrefixField(_("拼音首字母"), max_length=80, db_index=True, editable=False)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("所在区划"), related_name="+"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    households = models.PositiveIntegerField(_("户数"), validators=[MinValueValidator(1)])
    developer = models.CharField(_("建设单位"), max_length=120, blank=True)
    decided_on = models.DateField(_("规划条件日期"))
    land_document = models.CharField(_("土地出让合同或规划文件号"), max_length=80, blank=True)
    completed_on = models.DateField(_("竣工日期"), null=True, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    norm = models.ForeignKey(Norm, models.SET_NULL, null=True, editable=False, related_name="+")
    required_area = Area(_("应配建面积（㎡）"), max_digits=10, decimal_places=2, null=True, editable=False)
    due_on = models.DateField(_("应移交日期"), null=True, editable=False)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("住宅小区")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="estates_estate_once_per_division"),
            models.CheckConstraint(condition=Q(households__gt=0), name="estates_has_households"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("estates:estate", args=[self.pk])


class Premises(ScopedModel):
    """Rooms for elderly care 养老服务用房, provided by one estate or several together; `stage` is the last reached."""

    scope_right = "estates.view"

    name = models.CharField(_("用房位置"), max_length=80)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("所在区划"), related_name="+"
    )
    area = Area(_("建筑面积（㎡）"), max_digits=10, decimal_places=2)
    floor = models.CharField(_("楼层"), max_length=30, blank=True)
    free = models.BooleanField(_("无偿移交"), default=True)
    purpose = models.CharField(_("用途"), max_length=80, blank=True)
    place = models.ForeignKey(
        "places.Place", models.PROTECT, verbose_name=_("用于"), null=True, blank=True, related_name="+"
    )
    stage = models.CharField(_("进度"), max_length=12, choices=Stage.choices, blank=True, editable=False)
    estates: models.ManyToManyField[Estate, Share] = models.ManyToManyField(
        Estate, through="Share", related_name="premises"
    )
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("配建用房")
        constraints = [models.CheckConstraint(condition=Q(area__gt=0), name="estates_premises_have_area")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("estates:premises", args=[self.pk])


class Share(ScopedModel):
    """The part of premises that counts for an estate 分摊面积; several small estates may provide rooms together."""

    scope_right = "estates.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("estate__division",)

    premises = models.ForeignKey(Premises, models.CASCADE, related_name="shares")
    estate = models.ForeignKey(Estate, models.PROTECT, related_name="shares", verbose_name=_("小区"))
    area = Area(_("分摊面积（㎡）"), max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["premises", "id"]
        verbose_name = _("分摊")
        constraints = [
            models.UniqueConstraint(fields=["premises", "estate"], name="estates_one_share_each"),
            models.CheckConstraint(condition=Q(area__gt=0), name="estates_share_has_area"),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} → {self.estate_id}: {self.area}"


class Milestone(ScopedModel):
    """A stage premises reached 环节: when, before which department, signed by whom in which position."""

    scope_right = "estates.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("premises__division",)

    premises = models.ForeignKey(Premises, models.CASCADE, related_name="milestones")
    stage = models.CharField(_("环节"), max_length=12, choices=Stage.choices)
    on = models.DateField(_("日期"))
    department = models.CharField(_("经办部门"), max_length=80, blank=True)
    signed_by = models.CharField(_("签字人"), max_length=60, blank=True)
    position = models.CharField(_("职务"), max_length=60, blank=True)
    document = models.CharField(_("文书号"), max_length=80, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, verbose_name=_("材料"), null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["premises", "on", "id"]
        verbose_name = _("环节")
        constraints = [models.UniqueConstraint(fields=["premises", "stage"], name="estates_stage_once")]
        indexes = [models.Index(fields=["stage", "on"], name="estates_stage_on")]

    def __str__(self) -> str:
        return f"{self.stage} {self.on}"


class Remedy(ScopedModel):
    """How an estate below the standard will get what it lacks 整改计划."""

    class Way(models.TextChoices):
        BUILD = "build", _("新建")
        BUY = "buy", _("购置")
        SWAP = "swap", _("置换")
        LEASE = "lease", _("租赁")
        REUSE = "reuse", _("存量改造")
        SHARE = "share", _("与邻近小区共用")

    scope_right = "estates.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("estate__division",)

    estate = models.ForeignKey(Estate, models.CASCADE, related_name="remedies")
    way = models.CharField(_("方式"), max_length=10, choices=Way.choices)
    area = Area(_("面积（㎡）"), max_digits=10, decimal_places=2)
    due_on = models.DateField(_("完成期限"))
    responsible = models.CharField(_("责任单位"), max_length=80)
    budget = models.BigIntegerField(_("预算（分）"), default=0)
    premises = models.ForeignKey(
        Premises, models.PROTECT, verbose_name=_("落实的用房"), null=True, blank=True, related_name="remedies"
    )
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    dropped = models.CharField(_("撤销理由"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("整改计划")
        constraints = [
            models.CheckConstraint(condition=Q(area__gt=0), name="estates_remedy_has_area"),
            models.CheckConstraint(
                condition=Q(done_on=None, premises=None) | Q(done_on__isnull=False, premises__isnull=False),
                name="estates_remedy_done_by_premises",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.area}"
