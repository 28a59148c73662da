"""What a person allowed, and what he asked about his data."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.models.contacts import Contact
from yanglao.registers.people.models.person import OfPerson, Person


class Sensitive(models.TextChoices):
    """Data a separate consent is asked for before others get it."""

    HEALTH = "health", _("健康与残疾")
    ABILITY = "ability", _("能力评估")
    ECONOMY = "economy", _("经济状况")
    LOCATION = "location", _("定位与监测")
    BIOMETRIC = "biometric", _("人脸等生物特征")


class GivenBy(models.TextChoices):
    SELF = "self", _("本人")
    GUARDIAN = "guardian", _("监护人")


class How(models.TextChoices):
    PAPER = "paper", _("纸质签字")
    ON_SITE = "on_site", _("现场口头")
    PHONE = "phone", _("电话")
    ONLINE = "online", _("网上")


class Consent(OfPerson):
    """A consent 同意记录: what data, for what purpose, to whom; by whom it was given and how.

    Source: 个人信息保护法 (2021), arts 14-15 (consent, withdrawal), 23 (giving data to others), 28-30 (sensitive
    data, separate consent).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    what = models.CharField(_("信息"), max_length=10, choices=Sensitive.choices)
    purpose = models.CharField(_("用途"), max_length=100)
    recipient = models.CharField(_("提供给"), max_length=100)
    given_by = models.CharField(_("同意人"), max_length=8, choices=GivenBy.choices)
    guardian = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("监护人")
    )
    how = models.CharField(_("方式"), max_length=8, choices=How.choices)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("佐证材料"),
    )
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    recorded_by = models.CharField(_("登记人"), max_length=140)

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = _("同意记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="people_consent_dates"
            ),
            models.CheckConstraint(
                condition=Q(given_by="self") | Q(guardian__isnull=False), name="people_consent_guardian"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} → {self.recipient}"


class DataRequest(OfPerson):
    """A request about one's personal data 个人信息保护申请: to see, copy, correct, restrict or erase it.

    A restriction granted holds until it is lifted. Source of the rights: 个人信息保护法 (2021), arts 44-50.
    """

    class Ask(models.TextChoices):
        SEE = "see", _("查阅")
        COPY = "copy", _("复制")
        CORRECT = "correct", _("更正、补充")
        RESTRICT = "restrict", _("限制处理")
        ERASE = "erase", _("删除")

    class Outcome(models.TextChoices):
        OPEN = "", _("待答复")
        GRANTED = "granted", _("同意")
        PARTLY = "partly", _("部分同意")
        REFUSED = "refused", _("不同意")

    person = models.ForeignKey(Person, models.CASCADE, related_name="data_requests")
    ask = models.CharField(_("申请事项"), max_length=10, choices=Ask.choices)
    text = models.CharField(_("申请内容"), max_length=400)
    given_by = models.CharField(_("申请人"), max_length=8, choices=GivenBy.choices)
    guardian = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("监护人")
    )
    how = models.CharField(_("方式"), max_length=8, choices=How.choices)
    received_on = models.DateField(_("收到日期"))
    due_on = models.DateField(_("答复期限"), db_index=True)
    rule = models.CharField(_("期限依据"), max_length=100)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices, blank=True, default="")
    answer = models.CharField(_("答复"), max_length=400, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=140, blank=True)
    lifted_on = models.DateField(_("限制解除日期"), null=True, blank=True)
    lifted = models.CharField(_("解除理由"), max_length=100, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("个人信息保护申请")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_on=None) | Q(answered_on__isnull=False) & ~Q(outcome=""),
                name="people_request_answered",
            ),
            models.CheckConstraint(
                condition=Q(given_by="self") | Q(guardian__isnull=False), name="people_request_guardian"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ask_display()} {self.received_on}"

    def get_absolute_url(self) -> str:
        return reverse("people:data_request", args=[self.pk])
