"""Whom to call."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
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
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("联系人")

    def __str__(self) -> str:
        return self.name
