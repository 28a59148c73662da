"""Workbooks: a provider's month, and the other side's list."""

import datetime as dt

import openpyxl
import pytest
from django.utils import timezone

from yanglao.entitlement.vouchers.models import Redemption, Statement, StatementLine
from yanglao.entitlement.vouchers.sheets import REDEMPTIONS, STATEMENT
from yanglao.entitlement.vouchers.tests import sample
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people.tests.sample import number
from yanglao.shell.imports import actions as imports
from yanglao.shell.imports.flow import import_now

HEADINGS = ["券号", "身份证号后四位", "服务", "服务日期", "价格", "长护险支付", "订单号"]


@pytest.fixture
def till(house, monkeypatch, tmp_path):
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2026, 11, 18, 9)))
    house.home = sample.provider(organisation=house.provider)
    house.held = [sample.voucher(sample.impaired(n)) for n in (1, 2)]
    house.path = tmp_path / "核销.xlsx"
    return house


def write(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def line(till, n, price, order, *, service="居家上门服务", day="2026-11-12", tail=None):
    return [till.held[n].number, tail or number(n + 1)[-4:], service, day, price, None, order]


def bring(till):
    manager = till.actor("care_home_manager")
    with entered(manager):
        return import_now(
            manager, REDEMPTIONS, till.path, division=till.village, organisation=till.provider.pk
        )


def paid():
    with everything("test"):
        rows = Redemption.objects.order_by("day", "pk")
        return [(r.order_number, r.voucher_fen) for r in rows]


def test_a_months_list_pays_in_the_order_of_the_days_and_is_taken_back(till):
    write(
        till.path,
        HEADINGS,
        line(till, 0, 1000, "B", day="2026-11-13"),
        line(till, 0, 1000, "A", day="2026-11-11"),
        line(till, 1, 200, "C", day="2026-11-14"),
    )
    batch = bring(till)
    assert batch.state == "committed"
    assert paid() == [("A", 50_000), ("B", 30_000), ("C", 10_000)]
    manager = till.actor("care_home_manager")
    with entered(manager):
        imports.begin_undo(manager, batch)
    assert paid() == []
    assert sample.fresh(till.held[0]).state == "claimed"


def test_every_mistake_of_a_list_is_told_at_once(till):
    write(
        till.path,
        HEADINGS,
        line(till, 0, 1600, "A"),
        line(till, 0, 100, "B"),  # nothing left by then
        line(till, 1, 100, "C", tail="0000"),
        line(till, 1, 3000, "D", service="机构长期托养"),
        line(till, 1, 100, "E", day="2026-10-30"),
    )
    batch = bring(till)
    assert batch.state == "checked"
    assert paid() == []
    assert (batch.rows, batch.error_rows) == (5, 4)


def test_the_other_sides_list_is_compared(till):
    row = sample.redeem(till.home, till.held[0], order_number="A", day=dt.date(2026, 11, 12))
    write(
        till.path,
        ["消费券号", "流水号", "商户名称", "交易日期", "核销金额"],
        [till.held[0].number, "A", "安心养老院", "2026-11-12", 150],
        [till.held[1].number, "Z", "安心养老院", "2026-11-12", 20],
    )
    officer = till.actor("district_officer", till.county)
    with entered(officer):
        batch = import_now(officer, STATEMENT, till.path, division=till.county)
    assert batch.state == "committed"
    with everything("test"):
        made = Statement.objects.get()
        fates = {(line.fate, line.redemption_id) for line in StatementLine.objects.order_by("pk")}
    assert (made.month, made.division_id, made.rows) == (202611, till.county, 2)
    assert fates == {("matched", row.pk), ("only_there", None)}
