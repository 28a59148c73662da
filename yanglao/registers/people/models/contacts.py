"""Whom to call."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.registers.people.models.person import OfPerson, Person


class Relation(models.TextChoices):
    SELF = "self", _("本人")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    GRANDCHILD = "grandchild", _("孙子女")
    SIBLING = "sibling", _("兄弟姐妹")
    RELATIVE = "relative", _("其他亲属")
    NEIGHBOUR = "neighbour", _("邻居")
    CADRE = "cadre", _("村（社区）干部")
    OTHER = "other", _("其他")


class Contact(OfPerson):
    """Whom to call 联系人, and whether he has a key to the home."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts")
    name = models.CharField(_("姓名"), max_length=50)
    relation = models.CharField(_("与老人关系"), max_length=12, choices=Relation.choices)
    phone = EncryptedField(_("联系电话"), mask="phone", null=True, blank=True)
    guardian = models.BooleanField(_("监护人"), default=False)
    has_key = models.BooleanField(_("有老人家钥匙"), default=False)
    turn = models.PositiveSmallIntegerField(_("拨打顺序"), default=1, db_default=1)
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=100, blank=True, default="", db_default="")
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["turn", "id"]
        verbose_name = _("联系人")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    GUARDIAN = "guardian", _("监护人")
    HELPER = "helper", _("代办人")


class GuardianKind(models.TextChoices):
    """By what a guardian is one: by law, appointed by the committee, bureau or court, or agreed beforehand."""

    STATUTORY = "statutory", _("法定监护")
    DESIGNATED = "designated", _("指定监护")
    AGREED = "agreed", _("意定监护")


class Matters(models.TextChoices):
    ALL = "all", _("全部事项")
    BENEFITS = "benefits", _("津贴补贴")
    SERVICES = "services", _("养老服务")
    ASSESSMENT = "assessment", _("能力评估")


class Appointment(OfPerson):
    """What a contact may do for a person: guard him 监护, or run his errands 代办. From a day up to, not including,
    another; a helper needs the person's consent with its day.

    Source of the kinds: 民法典 arts 28 (by law), 31 (appointed), 33 (agreed).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="appointments")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="appointments", verbose_name=_("姓名"))
    role = models.CharField(_("身份"), max_length=8, choices=Role.choices)
    kind = models.CharField(_("监护类型"), max_length=10, choices=GuardianKind.choices, blank=True)
    matters = models.CharField(_("代办事项"), max_length=10, choices=Matters.choices, blank=True)
    document = models.CharField(_("依据文书"), max_length=100, blank=True)
    consented_on = models.DateField(_("本人同意日期"), null=True, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        verbose_name=_("佐证材料"),
        null=True,
        blank=True,
        related_name="+",
    )
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    ended = models.CharField(_("终止理由"), max_length=100, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["role", "-valid_from", "-id"]
        verbose_name = _("监护和代办")
        constraints = [
            models.CheckConstraint(
                condition=Q(role="guardian", matters="") & ~Q(kind="")
                | Q(role="helper", kind="", consented_on__isnull=False) & ~Q(matters=""),
                name="people_appointment_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="people_appointment_dates"
            ),
            models.UniqueConstraint(
                fields=["contact", "role"], condition=Q(valid_to=None), name="people_appointed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.contact}"

    @property
    def badge(self) -> str:
        """What he is, in a word."""
        return str(self.get_role_display())
