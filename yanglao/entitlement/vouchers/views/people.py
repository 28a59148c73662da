"""Vouchers of persons: the list, one voucher, a person's whole account, the card to print."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.vouchers import actions, entitled, forms, queries, schemes
from yanglao.entitlement.vouchers.filters import VoucherFilter
from yanglao.entitlement.vouchers.models import Bar, Voucher
from yanglao.entitlement.vouchers.views.base import OfRecord, OneRecord, home_crumb, month_text
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.shell.pages import BulkAction, Column, Crumb, Empty, ListPage

TONES = {"claimed": "info", "used": "good", "issued": "warn", "void": "bad"}


def _void(actor: Any, rows: Any, data: Any) -> str:
    done = [actions.void(actor, row, reason=data["reason"]) for row in rows]
    return _("已作废 %(n)s 张。") % {"n": len(done)}


class VoucherList(ListPage):
    """Vouchers; `state=issued` is the list of who is entitled and has not claimed."""

    model = Voucher
    right = "vouchers.view"
    title = gettext_lazy("消费券清单")
    filterset = VoucherFilter
    private = ("name",)
    related = ("person",)
    export_right = "vouchers.export"
    columns = (
        Column("number", gettext_lazy("券号"), link=True),
        Column("person", gettext_lazy("姓名"), value=lambda v: v.person.name),
        Column("id_number", gettext_lazy("身份证号"), value=lambda v: str(v.person.id_number), minor=True),
        Column("phone", gettext_lazy("联系电话"), value=lambda v: str(v.person.phone or ""), shown=False),
        Column("division_id", gettext_lazy("居住地"), kind="division", minor=True),
        Column("month", gettext_lazy("月份"), value=lambda v: month_text(v.month)),
        Column("kind", gettext_lazy("券种"), value=lambda v: v.get_kind_display()),
        Column("cap_fen", gettext_lazy("面额上限（元）"), kind="yuan", minor=True),
        Column("used_fen", gettext_lazy("已抵扣（元）"), kind="yuan"),
        Column("left", gettext_lazy("余额（元）"), kind="yuan", value=lambda v: v.left_fen, minor=True),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda v: v.get_state_display(),
            tone=lambda v: TONES.get(v.state, "dull"),
        ),
        Column("claimed_on", gettext_lazy("领取日期"), kind="date", shown=False),
        Column("claimed_by", gettext_lazy("领取人"), value=lambda v: v.get_claimed_by_display(), shown=False),
    )
    bulk = (
        BulkAction(
            "void",
            gettext_lazy("作废"),
            "vouchers.issue",
            _void,
            form=forms.ReasonForm,
            dangerous=True,
        ),
    )
    empty = Empty(gettext_lazy("还没有消费券"), gettext_lazy("每月1日自动发放给经评估中度以上失能的老人。"))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)


class VoucherPage(OneRecord):
    """One voucher: what it was spent on, what is left, and what may be done with it."""

    model = Voucher
    right = "vouchers.view"
    related = ("person",)
    template = "vouchers/voucher.html"

    def page_title(self) -> Any:
        return _("%(name)s的%(month)s消费券") % {
            "name": self.record.person.name,
            "month": month_text(self.record.month),
        }

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(_("消费券清单"), reverse("vouchers:list")),)

    def context(self) -> dict[str, Any]:
        voucher = self.record
        rows = voucher.redemptions.select_related("place").order_by("-day", "-id")
        return {
            "voucher": voucher,
            "tone": TONES.get(voucher.state, "dull"),
            "month_text": month_text(voucher.month),
            "redemptions": rows,
            "scheme": schemes.scheme(voucher.scheme),
            "may": {r: self.actor.can(f"vouchers.{r}", voucher) for r in ("assist", "issue")},
        }


class OfVoucher(OfRecord):
    """A form about a voucher."""

    model = Voucher
    related = ("person",)


def kinds_of(voucher: Voucher) -> list[tuple[str, str]]:
    terms = schemes.scheme(voucher.scheme)
    return [(name, _told(kind)) for name, kind in (terms.kinds if terms else {}).items()]


def _told(kind: schemes.VoucherKind) -> str:
    services = "、".join(f"{service} {service.percent}%" for service in kind.services.values())
    return _("%(kind)s：%(services)s，每月最高 %(cap)s 元") % {
        "kind": kind,
        "services": services,
        "cap": kind.cap,
    }


class ClaimVoucher(OfVoucher):
    right = "vouchers.assist"
    title = gettext_lazy("领取消费券")
    lead = gettext_lazy("一个月只能用一种券；领取以后要改，从次月起。")
    form_class = forms.KindForm
    submit = gettext_lazy("领取")
    done = gettext_lazy("已领取。")

    def form_arguments(self) -> dict[str, Any]:
        return {"kinds": kinds_of(self.record)}

    def initial(self) -> dict[str, Any]:
        return {"kind": self.record.kind}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.claim(self.actor, self.record, **data)


class ChangeKind(ClaimVoucher):
    title = gettext_lazy("更改券种")
    lead = gettext_lazy("从次月起生效；本月仍用现在的券。")
    submit = gettext_lazy("从次月起更改")
    done = gettext_lazy("已登记，从次月起生效。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.change_kind(self.actor, self.record, **data)


class Void(OfVoucher):
    right = "vouchers.issue"
    title = gettext_lazy("作废消费券")
    form_class = forms.ReasonForm
    submit = gettext_lazy("作废")
    danger = gettext_lazy("作废后这个月不再发放给他，不能撤销。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.void(self.actor, self.record, **data)


class Card(OneRecord):
    """The card a person takes to the provider: large type, one sheet."""

    model = Voucher
    right = "vouchers.view"
    related = ("person",)
    template = "vouchers/card.html"
    title = gettext_lazy("养老服务消费券")

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(str(self.record), self.record.get_absolute_url()),)

    def context(self) -> dict[str, Any]:
        voucher = self.record
        terms = schemes.scheme(voucher.scheme)
        number = voucher.number
        return {
            "voucher": voucher,
            "number": " ".join((number[:4], number[4:8], number[8:])),
            "scheme": terms,
            "kind": terms.kinds.get(voucher.kind) if terms else None,
            "month_text": month_text(voucher.month),
        }


class PersonPage(OneRecord):
    """A person's account: whether he is entitled this month and why, his vouchers, choices and bars."""

    model = Person
    right = "vouchers.view"
    template = "vouchers/person.html"

    def page_title(self) -> Any:
        return _("%(name)s的消费券") % {"name": self.record.name}

    def context(self) -> dict[str, Any]:
        person, month = self.record, queries.this_month()
        return {
            "person": person,
            "month_text": month_text(month),
            "explanation": entitled.explained(person.pk, person.residence_id, month),
            "vouchers": [(v, month_text(v.month)) for v in queries.of_person(person.pk)],
            "choices": [(c, month_text(c.month)) for c in queries.choices_of(person.pk)],
            "bars": queries.bars_of(person.pk),
            "spent": queries.spent_by(person.pk, 60),
            "may_bar": self.actor.can("vouchers.issue", person.residence_id),
        }


class AddBar(OfRecord):
    model = Person
    right = "vouchers.issue"
    title = gettext_lazy("停发消费券")
    lead = gettext_lazy("核实后从次月起停发；已领取的当月券照常可用。")
    form_class = forms.BarForm
    submit = gettext_lazy("从次月起停发")

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(self.record.name, self.done_url(None)),)

    def perform(self, data: dict[str, Any]) -> Any:
        person = self.record
        return actions.bar(self.actor, person=person, division=person.residence_id, **data)

    def done_url(self, result: Any) -> str:
        return reverse("vouchers:person", args=[self.record.pk])


class Lift(OfRecord):
    model = Bar
    right = "vouchers.issue"
    related = ("person",)
    title = gettext_lazy("恢复发放")
    lead = gettext_lazy("符合条件的，从本月起恢复；下一次自动发放时发出。")
    form_class = forms.NothingForm
    submit = gettext_lazy("恢复发放")

    def way_here(self) -> tuple[Crumb, ...]:
        return (Crumb(self.record.person.name, self.done_url(None)),)

    def perform(self, data: dict[str, Any]) -> Any:
        with everything("the bar's own row"):
            return actions.lift(self.actor, self.record)

    def done_url(self, result: Any) -> str:
        return reverse("vouchers:person", args=[self.record.person_id])
