"""Where money goes."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.registers.people.models.contacts import Relation
from yanglao.registers.people.models.person import OfPerson, Person


class PayAccount(OfPerson):
    """Where money goes 收款账户. The blind index finds one account that receives for many people."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="accounts")
    account = EncryptedField(_("银行账号"), mask="bank_account", blind=True)
    holder = models.CharField(_("户名"), max_length=50)
    relation = models.CharField(_("户主与老人关系"), max_length=12, choices=Relation.choices, default="self")
    bank = models.CharField(_("开户银行"), max_length=80)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["person", "-valid_from", "-id"]
        verbose_name = _("收款账户")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to=None), name="people_one_account_in_use"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_account_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.account}"
