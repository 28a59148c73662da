"""From an approved run to a closed order: paid once, and planned = paid + failed + withheld after every step."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from yanglao.entitlement.payments import actions, queries
from yanglao.entitlement.payments.models import Attempt, BankReturn, Payment
from yanglao.entitlement.payments.tests import month
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Looked


def balanced(order):
    order.refresh_from_db()
    found = queries.balance(order)
    assert found.holds
    assert queries.proved(order)
    return found


def payer(city):
    return city.actor(month.PAYER, city.city)


@pytest.fixture
def order(city):
    return month.order(city)


def test_an_approved_run_is_planned_and_who_has_no_account_is_withheld(order):
    found = balanced(order)
    assert found.planned == (3, 96000)
    assert found.parts == {"ready": (1, 6000), "withheld": (2, 90000)}
    assert queries.withheld_by_reason.__doc__
    with everything("test"):
        assert queries.withheld_by_reason(order) == [("no_account", "没有收款账户", 2, 90000)]


def test_the_whole_month_with_a_failure_and_a_reissue(city, order, tmp_path):
    for person, account in zip(city.people[1:3], month.ACCOUNTS[1:], strict=False):
        month.give_account(person, account)
    file, _made = month.send(city, order)
    assert balanced(order).parts == {"sent": (3, 96000)}
    path = month.answer(tmp_path, file, {1: ("0000", ""), 2: ("0512", "账号不存在"), 3: ("0000", "")})
    outcome = month.read(city, file, path)
    assert (outcome.paid, outcome.failed, outcome.findings) == (2, 1, [])
    assert balanced(order).parts["failed"][0] == 1
    with everything("test"):
        failed = Payment.objects.get(state="failed")
        told = Attempt.objects.get(payment=failed)
    assert (told.code, told.said, told.account_mask[:4]) == ("0512", "账号不存在", "****")
    worker = city.actor("street_worker", city.street)
    assert actions.correct(worker, failed, account=month.ACCOUNTS[3], bank="农商银行", source="存折") == 1
    assert balanced(order).part("corrected") == (1, failed.amount_fen)
    again, _made = month.send(city, order)
    assert (again.number, again.rows, again.sum_fen) == (2, 1, failed.amount_fen)
    month.read(city, again, month.answer(tmp_path, again, {1: ("0000", "")}, "second.txt"))
    assert balanced(order).parts == {"paid": (3, 96000)}
    closed = actions.close(payer(city), order)
    assert closed.closed_at is not None
    with everything("test"):
        assert Attempt.objects.filter(payment=failed).count() == 2


def test_a_bank_file_read_twice_changes_nothing(city, order, tmp_path):
    file, _made = month.send(city, order)
    path = month.answer(tmp_path, file, {1: ("0000", "")})
    month.read(city, file, path)
    again = month.read(city, file, path)
    assert (again.again, again.paid, again.known) == (True, 0, 1)
    with everything("test"):
        assert BankReturn.objects.count() == 1
    other = tmp_path / "renamed.txt"
    other.write_bytes(path.read_bytes() + b"\r\n")  # the same answers in another file
    third = month.read(city, file, other)
    assert (third.paid, third.known, third.findings) == (0, 1, [])
    assert balanced(order).part("paid") == (1, 6000)


def test_every_error_of_a_return_file_is_told_at_once_and_nothing_taken_in(city, order, tmp_path):
    for person, account in zip(city.people[1:3], month.ACCOUNTS[1:], strict=False):
        month.give_account(person, account)
    file, _made = month.send(city, order)
    lines = [
        "4",
        "1|0017|甲|1.00|0000|",
        "2|9999|乙|100.00|0000|",
        "9|0017|丙|60.00|0000|",
        "x|0017|丁|abc|0000|",
    ]
    path = tmp_path / "bad.txt"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    outcome = month.read(city, file, path)
    assert {(f.row, f.field) for f in outcome.findings} >= {(2, "amount"), (3, "account"), (4, "serial")}
    assert {f.field for f in outcome.findings if f.row == 5} == {"serial", "amount"}
    assert balanced(order).parts == {"sent": (3, 96000)}


def test_a_code_nobody_knows_is_refused_and_not_taken_for_a_failure(city, order, tmp_path):
    month.give_account(city.people[1], month.ACCOUNTS[1])
    file, made = month.send(city, order, "excel")
    rows = month.sheet(made.content)
    from openpyxl import Workbook

    book = Workbook()
    book.active.append([*rows[1], "结果", "说明"])
    book.active.append([*rows[2], "成功", ""])
    book.active.append([*rows[3], "处理中", ""])
    book.save(tmp_path / "answer.xlsx")
    outcome = month.read(city, file, tmp_path / "answer.xlsx")
    assert [(f.row, f.field) for f in outcome.findings] == [(3, "code")]
    book.active["I3"] = "退回"
    book.save(tmp_path / "answer.xlsx")
    assert month.read(city, file, tmp_path / "answer.xlsx").failed == 1
    assert month.states(order) == {"paid": 1, "failed": 1, "withheld": 1}


def test_what_was_paid_is_not_sent_again_and_paid_stays_paid(city, order, tmp_path):
    file, _made = month.send(city, order)
    with pytest.raises(ValidationError, match="没有待发放"):
        month.send(city, order)
    month.read(city, file, month.answer(tmp_path, file, {1: ("0000", "")}))
    contrary = month.read(city, file, month.answer(tmp_path, file, {1: ("0999", "退票")}, "later.txt"))
    assert len(contrary.findings) == 1
    with everything("test"):
        payment = Payment.objects.get(state="paid")
        for change in ({"state": "ready"}, {"amount_fen": 1}, {"subject_id": 5}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Payment.objects.filter(pk=payment.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.filter(pk=payment.pk)._raw_delete("default")
        with pytest.raises(IntegrityError), transaction.atomic():
            Attempt.objects.create(
                payment=payment, file=file, division_id=payment.division_id, serial=9, account_id=1
            )


def test_a_bounced_transfer_can_be_corrected_and_sent_again(city, order, tmp_path):
    file, _made = month.send(city, order)
    month.read(city, file, month.answer(tmp_path, file, {1: ("0000", "")}))
    with everything("test"):
        payment = Payment.objects.get(state="paid")
    actions.bounce(payer(city), payment, said="退汇：账户已销户")
    assert balanced(order).part("failed") == (1, 6000)
    actions.correct(
        city.actor("street_worker", city.street),
        payment,
        account=month.ACCOUNTS[3],
        bank="农商银行",
        source="存折",
    )
    again, _made = month.send(city, order)
    assert again.rows == 1
    assert balanced(order).part("sent") == (1, 6000)


def test_the_same_account_is_no_correction(city, order, tmp_path):
    file, _made = month.send(city, order)
    month.read(city, file, month.answer(tmp_path, file, {1: ("0512", "户名不符")}))
    with everything("test"):
        payment = Payment.objects.get(state="failed")
    worker = city.actor("street_worker", city.street)
    with pytest.raises(ValidationError, match="银行退回"):
        actions.correct(worker, payment, account=month.ACCOUNTS[0], bank="农商银行", source="存折")
    assert balanced(order).part("failed") == (1, 6000)
    actions.retry(worker, payment, reason="账户已重新激活")
    assert balanced(order).part("corrected") == (1, 6000)


def test_the_order_is_not_closed_while_the_bank_is_silent(city, order, tmp_path):
    with pytest.raises(ValidationError, match="还不能关闭"):
        actions.close(payer(city), order)
    file, _made = month.send(city, order)
    with pytest.raises(ValidationError, match="还不能关闭"):
        actions.close(payer(city), order)
    month.read(city, file, month.answer(tmp_path, file, {1: ("0000", "")}))
    assert actions.close(payer(city), order).closed_at
    found = balanced(order)
    assert sum(found.part(name)[1] for name in ("paid", "failed", "withheld")) == found.planned[1]


def test_who_gets_an_account_later_is_paid_by_a_further_file(city, order, tmp_path):
    file, _made = month.send(city, order)
    month.read(city, file, month.answer(tmp_path, file, {1: ("0000", "")}))
    actions.close(payer(city), order)
    month.give_account(city.people[1], month.ACCOUNTS[1])
    later, _made = month.send(city, order)
    assert (later.number, later.sum_fen) == (2, 10000)
    assert balanced(order).part("sent") == (1, 10000)


def test_a_hold_keeps_back_what_no_bank_has_and_lifting_lets_it_go(city, order):
    officer = city.actor("city_officer", city.city)
    person = city.people[0]
    held = actions.hold(officer, subject=("person", person.pk), division=city.village, reason="核实去世线索")
    assert held == actions.hold(officer, subject=("person", person.pk), division=city.village, reason="再报")
    assert balanced(order).part("withheld") == (3, 96000)
    with pytest.raises(ValidationError, match="没有待发放"):
        month.send(city, order)
    actions.lift(officer, held, reason="本人健在")
    assert balanced(order).part("ready") == (1, 6000)


def test_the_approver_does_not_pay(city, order):
    from yanglao.entitlement.benefits.tests.month import APPROVER
    from yanglao.kernel.accounts.actions import grant
    from yanglao.kernel.accounts.actor import Actor, Forbidden

    approver = city.user(APPROVER, city.city)
    with pytest.raises(Forbidden):
        actions.send(Actor.of(approver, "page"), order, format="excel", purpose="发放")
    grant(
        Actor.system("test"),
        user=approver,
        role=month.PAYER,
        organisation=city.organisation(city.city),
        division=city.city,
    )
    with pytest.raises(ValidationError, match="另一人"):
        actions.send(Actor.of(approver, "page"), order, format="excel", purpose="发放")


# --- the file


def test_the_excel_pays_those_with_an_account_and_lists_the_others(city, order):
    _file, made = month.send(city, order, "excel")
    paid, withheld = month.sheet(made.content), month.sheet(made.content, 1)
    assert [row[6:] for row in paid[2:]] == [[month.ACCOUNTS[0], 60]]
    assert sorted(row[4] for row in withheld[2:]) == [100, 800]
    assert {row[3] for row in withheld[2:]} == {"没有收款账户"}


def test_the_bank_text_adds_up(city, order):
    _file, made = month.send(city, order)
    head, *rows = made.content.decode("gb18030").strip().split("\r\n")
    assert head == "1|60.00"
    assert sum(float(row.split("|")[3]) for row in rows) == 60.0


def test_every_account_read_is_recorded_with_its_purpose(city, order):
    month.send(city, order)
    with everything("test"):
        looked = Looked.objects.filter(person=city.people[0])
        assert {look.field for look in looked} == {"id_number", "bank_account"}
        assert {look.purpose for look in looked} == {"发放11月津贴"}


def test_a_file_comes_out_the_same_whatever_became_of_the_account(city, order):
    file, made = month.send(city, order)
    month.give_account(city.people[0], month.ACCOUNTS[3])
    assert actions.again(payer(city), file, purpose="重新下载").content == made.content
    assert month.ACCOUNTS[0] in actions.again(
        payer(city), file, purpose="改格式", format="bank-csv"
    ).content.decode("utf-8-sig")
    with everything("test"):
        from yanglao.registers.people.models import PayAccount

        PayAccount.objects.filter(person=city.people[0], valid_to__isnull=False).delete()
    with pytest.raises(ValidationError, match="不再一致"):
        actions.again(payer(city), file, purpose="重新下载")


def test_a_place_has_an_account_of_its_own_and_it_is_kept_sealed(city):
    officer = city.actor("city_officer", city.city)
    given = {
        "division": city.street,
        "account": month.ACCOUNTS[2],
        "holder": "万安养老院",
        "bank": "工行",
        "source": "函",
    }
    made = actions.set_account(officer, payee=("place", 7), **given)
    assert actions.set_account(officer, payee=("place", 7), **given) == made
    assert "0033" in str(made.account)
    assert month.ACCOUNTS[2] not in str(made.account)
    with pytest.raises(ValidationError) as refused:
        actions.set_account(
            officer, payee=("place", 7), **{**given, "account": month.ACCOUNTS[3], "holder": " "}
        )
    assert set(refused.value.message_dict) == {"holder"}


@pytest.mark.parametrize("format", ["bank-pipe", "bank-fixed", "bank-csv", "yikatong", "excel"])
def test_every_format_is_written_and_names_the_account_once(city, order, format):
    _file, made = month.send(city, order, format)
    if made.name.endswith("xlsx"):
        cells = [cell for row in month.sheet(made.content) for cell in row]
        assert cells.count(month.ACCOUNTS[0]) == 1
    else:
        assert made.content.count(month.ACCOUNTS[0].encode()) == 1
    if format == "bank-fixed":
        assert {len(line) for line in made.content.split(b"\r\n")[1:-1]} == {8 + 32 + 60 + 15 + 20 + 40}


def test_a_fixed_width_answer_is_read_by_bytes(city, order, tmp_path):
    file, _made = month.send(city, order, "bank-fixed")
    holder = "甲某".encode("gb18030").ljust(60)
    row = b"1".rjust(8, b"0") + month.ACCOUNTS[0].encode().ljust(32) + holder + b"6000".rjust(15, b"0")
    path = tmp_path / "answer.txt"
    path.write_bytes(b"H\r\n" + row + b"0000  " + b" " * 60 + b"\r\n")
    outcome = month.read(city, file, path)
    assert (outcome.findings, outcome.paid) == ([], 1)


def test_a_value_that_does_not_fit_its_column_is_never_cut(city, order):
    from yanglao.entitlement.payments import rules
    from yanglao.entitlement.payments.formats import Column

    with pytest.raises(ValueError, match="account"):
        rules.fixed("6222020000000000017", Column(value="account", width=10), "gb18030")


def test_of_two_policies_or_months_each_is_a_payment_of_its_own_and_a_month_is_paid_once(city, order):
    with everything("test"):
        payment = Payment.objects.order_by("pk")[0]
        payment.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            payment.save(force_insert=True)
        payment.month = 202610
        payment.save(force_insert=True)


def test_the_page_of_an_order_shows_what_there_is_and_finds_one_by_name(city, order):
    client = city.client("finance", city.city)
    page = client.get(reverse("payments:order", args=[order.run_id])).content.decode()
    assert "暂缓发放" in page
    assert "已更正，待补发" not in page
    with everything("test"):
        rows = list(queries.with_names(order).order_by("pk"))
    url = reverse("payments:list", args=[order.run_id])
    found = client.post(url, {"do": "filter", "name": rows[0].name}, follow=True).content.decode()
    assert "已筛选" in found
    assert found.count('rowheader"') == sum(row.name == rows[0].name for row in rows)


def test_the_page_of_a_payment_says_what_comes_next_and_leads_to_its_reasons(city, order):
    with everything("test"):
        withheld = Payment.objects.filter(order=order, why="no_account").order_by("pk")[0]
    text = city.client("city_officer", city.city).get(reverse("payments:payment", args=[withheld.pk]))
    page = text.content.decode()
    assert "登记收款账户后自动转为待发放" in page
    assert "/benefits/lines/" in page
