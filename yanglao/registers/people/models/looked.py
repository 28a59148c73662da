"""Who read personal data."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.audit.models import Looking
from yanglao.registers.people.models.person import OfPerson, Person


class Looked(Looking, OfPerson):
    """Who read personal data of whom in clear, what for 查阅记录. Append-only."""

    on_merge = "history"
    NAMES: ClassVar[dict[str, Any]] = Looking.NAMES | {
        "address": _("居住地址"),
        "hukou_address": _("户籍地址"),
        "contact": _("联系人电话"),
        "account": _("银行账号"),
        "household": _("家庭户住址"),
        "bank_account": _("银行账号"),
    }

    person = models.ForeignKey(Person, models.PROTECT, related_name="looked")

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("查阅记录")
        indexes = [models.Index(fields=["person", "-at"], name="people_looked_at")]
