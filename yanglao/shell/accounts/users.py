"""The account manager's pages: who has an account, what he may do where."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import django_filters as df
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts import actions
from yanglao.kernel.accounts.models import Grant, Organisation, User
from yanglao.kernel.accounts.queries import users_in_scope
from yanglao.kernel.accounts.roles import roles
from yanglao.shell.accounts.forms import GrantForm, NothingForm, OrganisationForm, UserForm
from yanglao.shell.filters import DivisionFilter, YesNoFilter
from yanglao.shell.pages import Button, Column, Crumb, DetailPage, Empty, FormPage, ListPage, PageView, Panel
from yanglao.shell.pages.detail import Way

_WORDS = "abcdefghjkmnpqrstuvwxyz23456789"


def temporary_password() -> str:
    """A first password to read out or write down: no letters that look alike; 59 random bits."""
    parts = ["".join(secrets.choice(_WORDS) for _ in range(4)) for _ in range(3)]
    return f"{parts[0].capitalize()}-{parts[1]}-{parts[2]}-{secrets.randbelow(10)}"


def role_label(role: str) -> Any:
    known = roles().get(role)
    return known.label if known else role


def _grants(user: User) -> str:
    return (
        gettext("；").join(f"{role_label(g.role)}（{g.organisation.name}）" for g in user.grants.all()) or "—"
    )


class UserFilter(df.FilterSet):
    name = df.CharFilter(method="by_name", label=_("姓名或账号"))
    division = DivisionFilter(method="by_division", label=_("管辖区划"))
    role = df.ChoiceFilter(
        choices=lambda: [(r.id, r.label) for r in roles().values()],
        method="by_role",
        label=_("角色"),
        empty_label=_("不限"),
    )
    is_active = YesNoFilter(yes=_("启用"), no=_("已锁定"), label=_("状态"), empty_label=_("不限"))

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def by_name(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(Q(name__contains=value.strip()) | Q(username__contains=value.strip()))

    def by_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(pk__in=Grant.objects.filter(role=value).values("user"))

    def by_division(self, rows: QuerySet[User], name: str, value: int | None) -> QuerySet[User]:
        if value is None:
            return rows
        inside = self.filters["division"].bounds(value)
        return rows.filter(pk__in=Grant.objects.filter(inside).values("user"))


class UsersPage(ListPage):
    model = User
    right = "accounts.view"
    title = _("账号管理")
    lead = _("您管辖区划内有授权的账号。一人一号，不得共用。")
    filterset = UserFilter
    private = ("name",)
    order = "username"
    columns = (
        Column("name", _("姓名"), link=True, sort="name"),
        Column("username", _("账号"), sort="username"),
        Column("position", _("职务")),
        Column("grants", _("角色（单位）"), value=_grants),
        Column(
            "is_active",
            _("状态"),
            value=lambda u: _("启用") if u.is_active else _("已锁定"),
            tone=lambda u: "good" if u.is_active else "bad",
        ),
        Column("created_at", _("开通时间"), kind="date", sort="created_at", shown=False),
    )
    buttons = (
        Button(_("开通账号"), "shell:user_add", "accounts.manage", icon="user-plus", main=True),
        Button(_("单位"), "shell:organisations", "accounts.view", icon="building"),
    )
    empty = Empty(
        _("还没有账号"),
        _("先增加单位，再为工作人员逐人开通账号。"),
        (Button(_("增加单位"), "shell:organisation_add", "accounts.manage", icon="building", main=True),),
    )
    export_right = "accounts.manage"

    def queryset(self) -> QuerySet[User]:
        return users_in_scope().prefetch_related("grants__organisation")

    def row_url(self, row: User) -> str:
        return reverse("shell:user", args=[row.pk])


class UserPage(DetailPage):
    model = User
    right = "accounts.view"
    panels = (
        Panel(_("账号"), UsersPage.columns[:3] + UsersPage.columns[4:]),
        Panel(_("授权"), template="shell/accounts/grants.html"),
        Panel(_("这个账号的改动记录"), template="shell/accounts/history.html", right="audit.view"),
    )

    def queryset(self) -> QuerySet[User]:
        return users_in_scope()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(UsersPage.title, reverse("shell:users")),)

    def page_title(self) -> Any:
        return self.record.name

    def ways(self) -> Sequence[Way]:
        if not self.actor.can("accounts.manage"):
            return ()
        user = self.record
        lock = _("锁定") if user.is_active else _("解除锁定")
        return (
            Way(_("授予角色"), reverse("shell:grant_add", args=[user.pk]), icon="key", main=True),
            Way(_("重置密码"), reverse("shell:user_reset", args=[user.pk]), icon="lock"),
            Way(lock, reverse("shell:user_lock", args=[user.pk]), icon="ban"),
        )

    def extra(self) -> dict[str, Any]:
        held = (
            Grant.objects.filter(user=self.record).select_related("organisation").order_by("valid_from", "id")
        )
        grants = [(g, role_label(g.role)) for g in held]
        return {"grants": grants, "may_manage": self.actor.can("accounts.manage")}


class OfUser(PageView):
    """A page about one account in the actor's scope."""

    @cached_property
    def user(self) -> User:
        return get_object_or_404(users_in_scope(), pk=self.kwargs["pk"])

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(UsersPage.title, reverse("shell:users")),
            Crumb(self.user.name, reverse("shell:user", args=[self.user.pk])),
        )

    def done_url(self, result: Any) -> str:
        return reverse("shell:user", args=[self.user.pk])


class SecretPage(FormPage):
    """A form whose answer is shown once and kept nowhere: a temporary password, a key."""

    def secret(self, result: Any) -> tuple[Any, str, str]:
        """(what it is, the secret, where to go on)."""
        raise NotImplementedError

    def finished(self, result: Any) -> HttpResponseBase:
        what, secret, onward = self.secret(result)
        self.template = "shell/accounts/secret.html"  # type: ignore[misc]
        response = self.show({"what": what, "secret": secret, "onward": onward})
        response.headers["Cache-Control"] = "no-store"
        return response


class UserAddPage(SecretPage):
    right = "accounts.manage"
    title = _("开通账号")
    form_class = UserForm
    submit = _("开通")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(UsersPage.title, reverse("shell:users")),)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, data: dict[str, Any]) -> tuple[User, str]:
        password = temporary_password()
        own = {name: data.pop(name) for name in ("username", "name", "position")}
        with transaction.atomic():
            user = actions.add_user(self.actor, **own, password=password, organisation=data["organisation"])
            actions.grant(self.actor, user=user, **data)
        return user, password

    def secret(self, result: tuple[User, str]) -> tuple[Any, str, str]:
        user, password = result
        what = gettext("%(name)s 的账号 %(username)s 已开通。初始密码：") % {
            "name": user.name,
            "username": user.username,
        }
        return what, password, reverse("shell:user", args=[user.pk])


class UserResetPage(OfUser, SecretPage):
    right = "accounts.manage"
    title = _("重置密码")
    form_class = NothingForm
    submit = _("重置")
    lead = _("先核实是本人。重置后，原密码立即失效；本人下次登录须改成自己的密码。")

    def perform(self, data: dict[str, Any]) -> str:
        password = temporary_password()
        actions.reset_password(self.actor, self.user, password=password)
        return password

    def secret(self, result: str) -> tuple[Any, str, str]:
        return gettext("%(name)s 的临时密码：") % {"name": self.user.name}, result, self.done_url(None)


class UserLockPage(OfUser, FormPage):
    right = "accounts.manage"
    form_class = NothingForm

    def page_title(self) -> Any:
        return _("锁定账号") if self.user.is_active else _("解除锁定")

    @property
    def lead(self) -> Any:  # type: ignore[override]
        if self.user.is_active:
            return _("锁定后，本人和他的接口密钥都不能再进入系统；已做的工作和记录不受影响。")
        return _("解除后，本人可以用原来的密码登录。")

    @property
    def submit(self) -> Any:  # type: ignore[override]
        return self.page_title()

    def perform(self, data: dict[str, Any]) -> None:
        if self.user.pk == self.actor.user_id:
            raise ValidationError(_("不能锁定自己的账号。"))
        actions.set_active(self.actor, self.user, active=not self.user.is_active)


class GrantAddPage(OfUser, FormPage):
    right = "accounts.manage"
    title = _("授予角色")
    form_class = GrantForm
    submit = _("授予")

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, data: dict[str, Any]) -> Grant:
        return actions.grant(self.actor, user=self.user, **data)


class GrantRevokePage(FormPage):
    right = "accounts.manage"
    title = _("收回角色")
    form_class = NothingForm
    submit = _("收回")
    danger = _("收回后，这个账号从今天起不再有这项授权。已经做过的工作和记录不受影响。")

    @cached_property
    def held(self) -> Grant:
        return get_object_or_404(Grant.objects.select_related("user", "organisation"), pk=self.kwargs["pk"])

    def crumbs(self) -> tuple[Crumb, ...]:
        user = self.held.user
        return (
            Crumb(UsersPage.title, reverse("shell:users")),
            Crumb(user.name, reverse("shell:user", args=[user.pk])),
        )

    @property
    def lead(self) -> Any:  # type: ignore[override]
        return f"{self.held.user.name} · {role_label(self.held.role)} · {self.held.organisation.name}"

    def perform(self, data: dict[str, Any]) -> None:
        actions.revoke(self.actor, self.held)

    def done_url(self, result: Any) -> str:
        return reverse("shell:users")


class OrganisationsPage(ListPage):
    model = Organisation
    right = "accounts.view"
    title = _("单位")
    order = "division,id"
    columns = (
        Column("name", _("名称"), link=True, sort="name"),
        Column("kind", _("类别")),
        Column("division_id", _("所在区划"), kind="division", sort="division"),
    )
    buttons = (Button(_("增加单位"), "shell:organisation_add", "accounts.manage", icon="plus", main=True),)
    empty = Empty(_("还没有单位"), _("先增加本级民政部门，再增加下级单位。"), buttons)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(UsersPage.title, reverse("shell:users")),)


class OrganisationAddPage(FormPage):
    right = "accounts.manage"
    title = _("增加单位")
    form_class = OrganisationForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(OrganisationsPage.title, reverse("shell:organisations")),)

    def perform(self, data: dict[str, Any]) -> Organisation:
        if Organisation.objects.filter(name=data["name"], division_id=data["division"]).exists():
            raise ValidationError({"name": _("这个区划里已有同名的单位。")})
        return actions.add_organisation(self.actor, **data)

    def done_url(self, result: Any) -> str:
        return reverse("shell:organisations")
