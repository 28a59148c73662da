"""One's own API keys."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts import actions
from yanglao.kernel.accounts.models import ApiKey, User
from yanglao.kernel.rooms import house as the_house
from yanglao.shell.accounts.forms import ApiKeyForm, NothingForm
from yanglao.shell.accounts.users import SecretPage
from yanglao.shell.pages import Button, Column, Crumb, Empty, FormPage, ListPage


def _state(key: ApiKey) -> tuple[Any, str]:
    if key.revoked_at:
        return _("已停用"), "dull"
    if key.expires_on < timezone.localdate():
        return _("已过期"), "warn"
    return _("有效"), "good"


def _rights(key: ApiKey) -> str:
    known = the_house().rights
    return gettext("、").join(str(known[r].label) if r in known else r for r in key.rights)


class KeysPage(ListPage):
    model = ApiKey
    right = "accounts.api"
    title = _("我的接口密钥")
    lead = _("给其他系统的程序用。密钥的权限不超过您本人的权限，账号锁定后密钥同时失效。")
    order = "-created_at"
    columns = (
        Column("label", _("用途"), link=True),
        Column("prefix", _("密钥开头"), value=lambda k: f"{k.prefix}…"),
        Column("rights", _("权限"), value=_rights),
        Column("created_at", _("建立时间"), kind="datetime"),
        Column("expires_on", _("有效期至"), kind="date"),
        Column("state", _("状态"), value=lambda k: _state(k)[0], tone=lambda k: _state(k)[1]),
    )
    buttons = (Button(_("建立密钥"), "shell:key_add", "accounts.api", icon="plus", main=True),)
    empty = Empty(_("还没有密钥"), _("需要让别的系统自动取数时，再建立密钥。"), buttons)

    def queryset(self) -> QuerySet[ApiKey]:
        return ApiKey.objects.filter(user_id=self.actor.user_id or 0)

    def row_url(self, row: ApiKey) -> str:
        return "" if row.revoked_at else reverse("shell:key_revoke", args=[row.pk])


class KeyAddPage(SecretPage):
    right = "accounts.api"
    title = _("建立密钥")
    form_class = ApiKeyForm
    submit = _("建立")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(KeysPage.title, reverse("shell:keys")),)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, data: dict[str, Any]) -> str:
        owner = User.objects.get(pk=self.actor.user_id or 0)
        return actions.add_api_key(self.actor, user=owner, **data)[1]

    def secret(self, result: str) -> tuple[Any, str, str]:
        return (
            gettext("密钥（程序在请求头 Authorization: Bearer 之后带上它）："),
            result,
            reverse("shell:keys"),
        )


class KeyRevokePage(FormPage):
    right = "accounts.api"
    title = _("停用密钥")
    form_class = NothingForm
    submit = _("停用")
    danger = _("停用后，用这个密钥的程序立即不能再取数，也不能恢复。")

    @cached_property
    def key(self) -> ApiKey:
        mine = ApiKey.objects.filter(user_id=self.actor.user_id or 0, revoked_at=None)
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    @property
    def lead(self) -> Any:  # type: ignore[override]
        return f"{self.key.label} · {self.key.prefix}…"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(KeysPage.title, reverse("shell:keys")),)

    def perform(self, data: dict[str, Any]) -> None:
        actions.revoke_api_key(self.actor, self.key)

    def done_url(self, result: Any) -> str:
        return reverse("shell:keys")
