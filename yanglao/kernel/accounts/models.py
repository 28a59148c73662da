"""Accounts, organisations and what one may do where."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import ScopedModel


class Organisation(ScopedModel):
    """A body people work in 机构/单位: a bureau, a street office, a village committee, a provider."""

    KINDS = [
        ("bureau", _("民政部门")),
        ("department", _("其他政府部门")),
        ("street", _("乡镇（街道）")),
        ("village", _("村（社区）")),
        ("provider", _("服务机构")),
        ("other", _("其他")),
    ]
    scope_right = "accounts.view"
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=12, choices=KINDS)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在区划"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["division", "id"]
        verbose_name = _("单位")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="organisation_once_per_division")
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """One person's account 账号; accounts are never shared. Approvals are signed with name **and position**."""

    username = models.CharField(_("账号"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    position = models.CharField(_("职务"), max_length=60, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)
    must_change_password = models.BooleanField(default=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]
        verbose_name = _("账号")

    def __str__(self) -> str:
        return f"{self.name}（{self.position}）" if self.position else self.name

    # allauth and the session machinery ask these of a user; rights come from grants alone
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False


class Grant(ScopedModel):
    """A role held in an organisation over a division 任职授权, from a day to a day (first day it no longer holds)."""

    scope_right = "accounts.view"
    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=40)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="grants", verbose_name=_("单位")
    )
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("管辖区划"))
    valid_from = models.DateField(_("起"), default=timezone.localdate)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        ordering = ["user", "id"]
        verbose_name = _("授权")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="grant_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.division_id}"


class ApiKey(models.Model):
    """A scoped key of one account for programs 接口密钥: only its hash is kept, and it may do no more than its owner."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    label = models.CharField(_("用途"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    rights = models.JSONField(_("权限"), default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_on = models.DateField(_("有效期至"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("接口密钥")

    def __str__(self) -> str:
        return f"{self.prefix}… {self.label}"
