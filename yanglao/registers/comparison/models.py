"""Files of other departments (比对文件), what they said (印证) and what is to be checked (线索)."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import BlindIndexField, EncryptedField
from yanglao.kernel.scope import ScopedModel
from yanglao.registers.comparison.sources import Source, known
from yanglao.registers.people.queries import kinds


class Delivery(ScopedModel):
    """A file that came 来件. Every row of it is accounted for once, and stays so when the file is deleted."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("待确认列")
        MATCHING = "matching", _("比对中")
        DONE = "done", _("已比对")
        FAILED = "failed", _("未能比对")
        CANCELLED = "cancelled", _("已放弃")

    scope_right = "comparison.view"

    source = models.CharField(_("来源"), max_length=30)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("覆盖的区划"), related_name="+"
    )
    as_of = models.DateField(_("数据截止日"))
    complete = models.BooleanField(_("完整名单"), default=False)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    marked = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    layout = models.JSONField(default=dict, help_text="shape: reading.Layout")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.UPLOADED)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    exact = models.PositiveIntegerField(_("按号码对上"), default=0)
    scored = models.PositiveIntegerField(_("按评分对上"), default=0)
    nobody = models.PositiveIntegerField(_("库中无此人"), default=0)
    ambiguous = models.PositiveIntegerField(_("不止一人"), default=0)
    unreadable = models.PositiveIntegerField(_("读不出"), default=0)
    repeated = models.PositiveIntegerField(_("重复行"), default=0)
    news = models.PositiveIntegerField(_("新线索"), default=0)
    again = models.PositiveIntegerField(_("线索仍在核实"), default=0)
    settled_before = models.PositiveIntegerField(_("此前已不采纳"), default=0)
    agrees = models.PositiveIntegerField(_("与档案一致"), default=0)
    deceased = models.PositiveIntegerField(_("档案已登记去世"), default=0)
    aside = models.PositiveIntegerField(_("不属比对事项"), default=0)
    absent = models.PositiveIntegerField(_("名单中缺少"), default=0)
    report = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(_("上传人"), max_length=140)
    run = models.ForeignKey("jobs.JobRun", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    done_at = models.DateTimeField(_("比对时间"), null=True)
    purge_on = models.DateField(_("文件删除日"))
    purged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("比对文件")
        indexes = [models.Index(fields=["source", "division", "-as_of"], name="comparison_latest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(
                    rows=F("exact")
                    + F("scored")
                    + F("nobody")
                    + F("ambiguous")
                    + F("unreadable")
                    + F("repeated")
                ),
                name="comparison_every_row",
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(
                    exact=F("news")
                    + F("again")
                    + F("settled_before")
                    + F("agrees")
                    + F("deceased")
                    + F("aside")
                    - F("scored")
                ),
                name="comparison_every_hit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("comparison:file", args=[self.pk])

    @property
    def declared(self) -> Source | None:
        from yanglao.registers.comparison.sources import sources_for

        return sources_for(self.division_id).get(self.source)

    @property
    def matched(self) -> int:
        return self.exact + self.scored

    @property
    def stuck(self) -> bool:
        """Waits for a job that has failed or was cancelled."""
        run = self.run
        return self.state == self.State.MATCHING and (
            run is None or (run.finished and run.state != run.State.DONE)
        )


class Remembered(ScopedModel):
    """How the columns of a source's files were settled last 记住的列, by the signature of their headings."""

    scope_right = "comparison.upload"

    division = models.ForeignKey("divisions.Division", models.PROTECT, related_name="+")
    source = models.CharField(max_length=30)
    signature = models.CharField(max_length=40)
    layout = models.JSONField(default=dict)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-used_at"]
        verbose_name = _("记住的列")
        constraints = [
            models.UniqueConstraint(fields=["division", "source", "signature"], name="comparison_one_mapping")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.signature}"


class Clue(ScopedModel):
    """What a file says otherwise than the register 线索: changes nothing until somebody has checked it.

    `says` is death, holds or ends (the inverse clue of a complete list). `row` is the file's row, sealed; `shown`
    the same with what is personal masked. `fingerprint` tells the same row from a changed one.
    """

    settles_merge = True  # following.merging

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        CONFIRMED = "confirmed", _("属实")
        DISMISSED = "dismissed", _("不采纳")
        AGREED = "agreed", _("档案已一致")

    class Verdict(models.TextChoices):
        NONE = "", "—"
        OTHER_PERSON = "other_person", _("不是同一人")
        SOURCE_WRONG = "source_wrong", _("来源有误")
        UNCHANGED = "unchanged", _("核实无变化")
        OTHER = "other", _("其他")

    scope_right = "comparison.clues"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person", models.CASCADE, verbose_name=_("老年人"), related_name="clues"
    )
    division = models.ForeignKey(
        "divisions.Division",
        models.PROTECT,
        verbose_name=_("核实区划"),
        related_name="+",
        db_constraint=False,
    )
    source = models.CharField(_("来源"), max_length=30)
    says = models.CharField(max_length=6)
    kind = models.CharField(_("情形"), max_length=30)
    slot = models.CharField(max_length=40, blank=True, editable=False)
    value = models.CharField(_("内容"), max_length=40)
    on = models.DateField(_("日期"), null=True)
    until = models.DateField(_("截止"), null=True)
    fingerprint = BlindIndexField(editable=False, null=True)
    row = EncryptedField(_("来源原文"), mask="hidden", null=True)
    shown = models.JSONField(default=list)
    how = models.CharField(_("对上方式"), max_length=10)
    score = models.FloatField(_("评分"), null=True)
    levels = models.JSONField(default=dict, help_text="how each field compares: registers.doubles")
    case = models.ForeignKey("cases.Case", models.SET_NULL, null=True, related_name="+")
    first_delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="raised")
    last_delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+")
    times = models.PositiveIntegerField(_("出现次数"), default=1)
    raised_at = models.DateTimeField(_("发现时间"), default=timezone.now)
    due_on = models.DateField(_("核实期限"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    verdict = models.CharField(_("结论"), max_length=12, choices=Verdict.choices, blank=True, default="")
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    settled_at = models.DateTimeField(_("核实时间"), null=True)
    settled_by_id = models.BigIntegerField(null=True)
    settled_by = models.CharField(_("核实人"), max_length=140, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("比对线索")
        indexes = [
            models.Index(fields=["state", "due_on"], name="comparison_clue_due"),
            models.Index(fields=["division", "state", "due_on"], name="comparison_clue_place"),
            models.Index(fields=["source", "state"], name="comparison_clue_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "source", "says", "kind", "slot"],
                condition=Q(state="open"),
                name="comparison_one_open_clue",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(settled_at__isnull=False), name="comparison_settled_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("comparison:clue", args=[self.pk])

    @property
    def suggestion(self) -> str:
        """What the row would mean, in words."""
        kind = kinds()[self.kind]
        if self.says == "death":
            return str(_("已去世"))
        named = kind.name_of(self.value)
        text = _("%(kind)s：%(value)s") if self.says == "holds" else _("不再是%(kind)s：%(value)s")
        return str(text % {"kind": kind, "value": named})

    @property
    def late(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()

    @property
    def source_name(self) -> str:
        found = known(self.source)
        return str(found) if found else self.source


class Confirmation(ScopedModel):
    """A source said the same as the register 印证: how fresh a fact is. One row per person, source and kind."""

    settles_merge = True  # following.merging
    scope_right = "people.view"
    scope_paths = ("person__hukou", "person__residence")

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="confirmations")
    source = models.CharField(_("来源"), max_length=30)
    kind = models.CharField(_("情形"), max_length=30)
    value = models.CharField(_("内容"), max_length=40)
    on = models.DateField(_("截至"))
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["person", "kind", "-on"]
        verbose_name = _("比对印证")
        constraints = [
            models.UniqueConstraint(fields=["person", "source", "kind"], name="comparison_one_confirmation")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.on}"
