"""Who read personal data."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.models.person import OfPerson, Person


class Looked(OfPerson):
    """Who read personal data of whom in clear, what for 查阅记录. Append-only."""

    on_merge = "history"

    person = models.ForeignKey(Person, models.PROTECT, related_name="looked")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    user_id = models.BigIntegerField(_("账号"), null=True)
    actor = models.CharField(_("查阅人"), max_length=140)
    via = models.CharField(_("方式"), max_length=8)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    field = models.CharField(_("查阅内容"), max_length=40)
    purpose = models.CharField(_("用途"), max_length=100)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("查阅记录")
        indexes = [models.Index(fields=["person", "-at"], name="people_looked_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.field}"

    @property
    def what(self) -> str:
        """What was read, in words."""
        names = {
            "id_number": _("公民身份号码"),
            "phone": _("联系电话"),
            "address": _("居住地址"),
            "hukou_address": _("户籍地址"),
            "contact": _("联系人电话"),
            "account": _("银行账号"),
            "household": _("家庭户住址"),
            "bank_account": _("银行账号"),
        }
        return str(names.get(self.field.partition(":")[0], self.field))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a record of reading is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a record of reading is never deleted")
