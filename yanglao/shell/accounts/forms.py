"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.accounts.roles import Role, roles
from yanglao.kernel.rooms import house as the_house
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput


def roles_to_hand_out(actor: Actor) -> list[Role]:
    """The roles that the actor's own roles let him give to others."""
    known = roles()
    names = {name for held in actor.grants for name in held.role.hands_out}
    return [known[name] for name in known if name in names]


class GrantForm(forms.Form):
    """A role in an organisation over a division, from a day to a day."""

    role = forms.ChoiceField(label=_("角色"))
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("单位"), empty_label=_("请选择")
    )
    division = DivisionField(
        label=_("管辖区划"), right="accounts.manage", help_text=_("这个角色只在这一区划及其下级有效。")
    )
    valid_from = forms.DateField(
        label=_("起"), required=False, widget=DayInput(), help_text=_("不填即从今天起。")
    )
    valid_to = forms.DateField(
        label=_("止"), required=False, widget=DayInput(), help_text=_("不填即长期有效。")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.id, r.label) for r in roles_to_hand_out(actor)]
        self.fields["organisation"].queryset = Organisation.objects.order_by("division", "id")


class UserForm(GrantForm):
    """A new account with its first role."""

    username = forms.CharField(
        label=_("账号"), max_length=60, help_text=_("登录用，可用单位缩写加姓名拼音；以后不能改。")
    )
    name = forms.CharField(label=_("姓名"), max_length=60)
    position = forms.CharField(
        label=_("职务"), max_length=60, required=False, help_text=_("审批签名时与姓名一起显示。")
    )
    field_order = (
        "username",
        "name",
        "position",
        "role",
        "organisation",
        "division",
        "valid_from",
        "valid_to",
    )


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=Organisation.KINDS)
    division = DivisionField(label=_("所在区划"), right="accounts.manage")


class ApiKeyForm(forms.Form):
    """A key of the actor's own, with no more rights than he has."""

    label = forms.CharField(
        label=_("用途"), max_length=80, help_text=_("写明给哪个系统用，例如：市级数据共享平台。")
    )
    rights = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=730, initial=365)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [
            (r.name, r.label) for r in the_house().rights.values() if actor.can(r.name)
        ]


class NothingForm(forms.Form):
    """A form that asks for nothing but the pressing of its button."""
