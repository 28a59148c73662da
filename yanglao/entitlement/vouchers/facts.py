"""What this room offers as facts of policies: what bars a person from vouchers, care relief, and orders."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Fact, FactView, SnapshotTable
from yanglao.registers.people.facts import GRADE, values_of

BARS = SnapshotTable(
    name="voucher_bars",
    key="bar_id",
    columns={
        "bar_id": "int",
        "person_id": "int",
        "reason": "text",
        "since": "date",
        "until": "date",
        "source": "text",
    },
    sql=(
        "SELECT id AS bar_id, person_id, reason, since, until, told_by AS source FROM vouchers_bar "
        "WHERE added_at <= {known_at} AND (until IS NULL OR until > since)"
    ),
    changed="SELECT id FROM vouchers_bar WHERE updated_at > {since}",
)
RELIEF = SnapshotTable(
    name="voucher_reliefs",
    key="stay_id",
    columns={
        "stay_id": "int",
        "person_id": "int",
        "payer": "text",
        "since": "date",
        "until": "date",
        "source": "text",
    },
    sql=(
        "SELECT id AS stay_id, person_id, payer, admitted_on AS since, discharged_on AS until, source "
        "FROM stays_stay WHERE payer = 'care_relief' AND state IN ('admitted', 'discharged') "
        "AND added_at <= {known_at} AND (discharged_on IS NULL OR discharged_on > admitted_on)"
    ),
)
_OWN = (  # what the person paid, after what was given back
    "(r.price_fen - r.price_refunded_fen - r.ltci_fen - r.other_fen - r.voucher_fen + r.refunded_fen)"
)
ORDERS = SnapshotTable(
    name="voucher_orders",
    key="order_id",
    columns={
        "order_id": "int",
        "person_id": "int",
        "place_id": "int",
        "place_division": "int",
        "residence": "int",
        "service": "text",
        "item": "text",
        "day": "date",
        "price": "int",
        "ltci_paid": "int",
        "other_paid": "int",
        "voucher_paid": "int",
        "own_paid": "int",
    },
    sql=(
        "SELECT r.id AS order_id, v.person_id, r.place_id, p.division_id AS place_division, "
        "r.division_id AS residence, r.service, r.item, r.day, r.price_fen - r.price_refunded_fen AS price, "
        "r.ltci_fen AS ltci_paid, r.other_fen AS other_paid, r.voucher_fen - r.refunded_fen AS voucher_paid, "
        f"CASE WHEN {_OWN} > 0 THEN {_OWN} ELSE 0 END AS own_paid FROM vouchers_redemption r "
        "JOIN vouchers_voucher v ON v.id = r.voucher_id JOIN places_place p ON p.id = r.place_id "
        "WHERE r.entered_at <= {known_at} AND r.price_refunded_fen < r.price_fen"
    ),
)


REDEEMED, REGISTER = _("核销记录"), _("老年人档案")


def _money(name: str, label: object, label_en: str) -> Fact:
    return Fact(name, "money", label, label_en, nullable=False, source=REDEEMED, example=0)


def _of_buyer(kind: str, label: object, label_en: str, form: str = "text") -> FactView:
    """What is true of the person who bought when, as a fact of the order."""
    value = "c.value" if form == "text" else "CAST(c.value AS BIGINT)"
    sql = (
        f"SELECT o.order_id AS subject_id, c.valid_from, c.valid_to, c.source, {value} AS {kind} "
        f"FROM circumstance AS c JOIN voucher_orders AS o ON o.person_id = c.person_id WHERE c.kind = '{kind}'"
    )
    fact = Fact(
        kind,
        form,
        label,
        label_en,
        source=REGISTER,
        values=partial(values_of, kind) if form == "text" else None,
    )
    return FactView("order", f"order_{kind}", _("服务订单"), "Service order", "dated", sql, (fact,))


BUYER = (
    FactView(
        subject="order",
        name="order_disability",
        label=_("服务订单"),
        label_en="Service order",
        shape="monthly",
        sql=(  # looked at in the month of the order, the only one in which it is paid for
            f"SELECT o.order_id AS subject_id, months.month AS month, MIN({GRADE}) AS disability_grade "
            "FROM months JOIN voucher_orders AS o ON o.day >= months.first_day AND o.day <= months.last_day "
            "JOIN circumstance AS c ON c.person_id = o.person_id AND c.kind = 'disability' "
            "AND c.valid_from <= months.last_day AND (c.valid_to IS NULL OR c.valid_to > months.last_day) "
            "GROUP BY o.order_id, months.month"
        ),
        facts=(
            Fact(
                "disability_grade",
                "int",
                _("残疾等级（几项中最重的，1最重）"),
                "Grade of disability (the severest, 1 to 4)",
                source=REGISTER,
            ),
        ),
        functions=("min",),
    ),
    _of_buyer("hukou", _("户籍地"), "Registered residence (hukou)", "division"),
    _of_buyer("economic", _("经济困难类别"), "Poverty category"),
    _of_buyer("ability", _("能力等级"), "Ability level"),
    _of_buyer("living", _("居住状况"), "Living arrangement"),
    _of_buyer("special_family", _("计划生育特殊家庭"), "Family of a lost or disabled only child"),
    _of_buyer("children", _("子女情况"), "Children"),
    _of_buyer("pension", _("养老金类别"), "Kind of pension"),
    _of_buyer("pension_amount", _("养老金（元/月）"), "Pension (yuan a month)", "money"),
    _of_buyer(
        "income_per_head", _("家庭人均月收入（元）"), "Household income per head (yuan a month)", "money"
    ),
    FactView(
        subject="order",
        name="order_household",
        label=_("服务订单"),
        label_en="Service order",
        shape="dated",
        sql=(
            "SELECT o.order_id AS subject_id, m.valid_from, m.valid_to, '' AS source, m.household_id AS household "
            "FROM voucher_orders AS o JOIN household_member AS m ON m.person_id = o.person_id"
        ),
        facts=(Fact("household", "int", _("家庭户编号"), "Household", source=_("家庭户登记")),),
    ),
)
FACTS = (
    FactView(
        subject="person",
        name="voucher_bar",
        label=_("消费券停发"),
        label_en="Voucher bar",
        shape="dated",
        sql=(
            "SELECT person_id AS subject_id, since AS valid_from, until AS valid_to, source, "
            "reason AS voucher_bar FROM voucher_bars"
        ),
        facts=(Fact("voucher_bar", "text", _("消费券停发原因"), "Why no voucher is issued"),),
        tables=(BARS,),
    ),
    FactView(
        subject="person",
        name="care_relief",
        label=_("集中照护"),
        label_en="Care relief",
        shape="dated",
        sql=(
            "SELECT person_id AS subject_id, since AS valid_from, until AS valid_to, source, "
            "payer AS care_relief FROM voucher_reliefs"
        ),
        facts=(
            Fact("care_relief", "text", _("经济困难失能集中照护"), "In care relief of the hard-up disabled"),
        ),
        tables=(RELIEF,),
    ),
    FactView(
        subject="order",
        name="orders",
        label=_("服务订单"),
        label_en="Service order",
        shape="fixed",
        sql=(
            "SELECT o.order_id AS subject_id, o.person_id, o.place_id, o.place_division, o.residence, o.service, "
            "o.item, o.day, o.price, o.ltci_paid, o.other_paid, o.voucher_paid, o.own_paid, p.birth_date "
            "FROM person AS p JOIN voucher_orders AS o ON o.person_id = p.person_id"
        ),
        facts=(
            Fact("person_id", "int", _("老年人"), "Person", nullable=False, source=REDEEMED, example=1),
            Fact(
                "place_id", "int", _("机构"), "Provider's place", nullable=False, source=REDEEMED, example=1
            ),
            Fact("place_division", "division", _("机构所在地"), "Where the provider is", source=REDEEMED),
            Fact("residence", "division", _("老年人居住地"), "Where the person lives", nullable=False),
            Fact("service", "text", _("服务"), "Service", nullable=False, source=REDEEMED, example="visit"),
            Fact("item", "text", _("服务内容"), "What was done or bought", source=REDEEMED),
            Fact("day", "date", _("服务日期"), "Day of the service", nullable=False, source=REDEEMED),
            Fact("birth_date", "date", _("出生日期"), "Date of birth", nullable=False, source=REGISTER),
            _money("price", _("价格"), "Price"),
            _money("ltci_paid", _("长护险支付"), "Paid by long-term care insurance"),
            _money("other_paid", _("其他支付"), "Paid by others"),
            _money("voucher_paid", _("消费券抵扣"), "Paid by voucher"),
            _money("own_paid", _("个人自付"), "Paid by the person"),
        ),
        tables=(ORDERS,),
    ),
    *BUYER,
)
