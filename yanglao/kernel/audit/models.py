"""The audit trail 审计记录: one row per action, chained by keyed hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.scope import ScopedModel

if TYPE_CHECKING:
    from yanglao.kernel.accounts.actor import Actor


class AuditEntry(ScopedModel):
    """Who did what to what, when, from where, with what it changed. Append-only.

    `division` is where it happened (null: the whole site); `before`/`after` hold only changed fields, personal
    ones masked. `digest` = HMAC(audit key, previous digest + this row): see audit.chain.
    """

    scope_right = "audit.view"
    at = models.DateTimeField(_("时间"), db_index=True)
    user_id = models.BigIntegerField(_("账号"), null=True, db_index=True)
    actor = models.CharField(_("操作人"), max_length=140)
    via = models.CharField(_("方式"), max_length=8)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    verb = models.CharField(_("操作"), max_length=80, db_index=True)
    division = models.ForeignKey("divisions.Division", models.PROTECT, null=True, db_constraint=False)
    target_type = models.CharField(_("对象类别"), max_length=80, blank=True)
    target_id = models.CharField(_("对象编号"), max_length=40, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    notes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=80)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("审计记录")
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("an audit entry is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an audit entry is never deleted")


class ChainHead(models.Model):
    """The one row that knows how the chain ends, itself sealed, so that cutting the tail off shows."""

    entries = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    last_digest = models.CharField(max_length=80, blank=True)
    seal = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("审计链尾")

    def __str__(self) -> str:
        return f"{self.entries}"


class Looking(models.Model):
    """Who read personal data in clear, what for 查阅记录: a room adds of whom. Append-only."""

    at = models.DateTimeField(_("时间"), default=timezone.now)
    user_id = models.BigIntegerField(_("账号"), null=True)
    actor = models.CharField(_("查阅人"), max_length=140)
    via = models.CharField(_("方式"), max_length=8)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    field = models.CharField(_("查阅内容"), max_length=40)
    purpose = models.CharField(_("用途"), max_length=100)

    NAMES: ClassVar[dict[str, Any]] = {"id_number": _("公民身份号码"), "phone": _("联系电话")}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.field}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a record of reading is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a record of reading is never deleted")

    @property
    def what(self) -> str:
        """What was read, in words."""
        return str(self.NAMES.get(self.field.partition(":")[0], self.field))

    @classmethod
    def by(cls, actor: Actor, *, field: str, purpose: str, **of: Any) -> Self:
        """The record, unsaved, that the actor reads this; `of` names whose."""
        who = {"user_id": actor.user_id, "actor": actor.name, "via": actor.via, "address": actor.address}
        return cls(field=field, purpose=purpose, **who, **of)
