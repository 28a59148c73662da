"""A run is proved long after, or it is said what does not agree."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from yanglao.entitlement.benefits import books, triggers
from yanglao.entitlement.benefits.computing import frozen_facts
from yanglao.entitlement.benefits.engine import statement
from yanglao.entitlement.benefits.engine.statement import Statement
from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.entitlement.benefits.snapshot import latest
from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.benefits.written import ledger_file, statement_file
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.actions import report_death


@pytest.fixture
def run(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    house.people = month.people(house)
    return month.run(house)


def said(command: str, run: Run) -> tuple[int, str]:
    """Exit code and words."""
    out = io.StringIO()
    try:
        call_command(command, str(run.pk), stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def change(run: Run, **values: object) -> None:
    """By somebody who may take away the guard of the table too."""
    table = " ON benefits_ledgerline" if connection.vendor == "postgresql" else ""
    with everything("test"), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {triggers.NAME}{table}")
        line = LedgerLine.objects.filter(run=run).order_by("subject_id").first()
        LedgerLine.objects.filter(pk=line.pk).update(**values)


def test_a_run_is_computed_anew_to_the_fen(run):
    code, words = said("run_replay", run)
    assert code == 0
    assert "960.00 元，重算 3 条 960.00 元" in words
    assert words.count("✓") == 8
    assert "分毫不差" in words


def test_so_is_a_run_of_many_whose_facts_stand_side_by_side(house, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(latest, "LEAST", 1)
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    house.people = month.people(house)
    run = month.run(house)
    assert frozen_facts(run).latest["person"].spells
    code, words = said("run_replay", run)
    assert code == 0
    assert words.count("✓") == 8
    assert said("run_cross_check", run)[0] == 0


def test_it_holds_after_the_registers_changed(run, house):
    report_death(Actor.system("test"), house.people[0], on=month.dt.date(2026, 1, 1), source="家属")
    assert said("run_replay", run)[0] == 0


@pytest.mark.parametrize(
    "values", [{"amount_fen": 6001}, {"division_id": 330203000000}, {"payee_id": 999999}]
)
def test_a_line_that_was_touched_is_named(run, values):
    change(run, **values)
    code, words = said("run_replay", run)
    assert code == 1
    assert "只在台账里 1 条，只在重算里 1 条" in words
    assert f"只在重算里：{month.POLICY} {month.MONTH} person" in words


def test_a_line_that_was_taken_away_is_missed(run):
    with everything("test"):
        LedgerLine.objects.filter(run=run).order_by("pk").first().delete()
    code, words = said("run_replay", run)
    assert code == 1
    assert "只在台账里 0 条，只在重算里 1 条" in words


def test_a_policy_that_was_touched_is_noticed(run):
    touched = {name: text.replace("80: 60", "80: 61") for name, text in run.book.items()}
    assert touched != run.book
    Run.objects.filter(pk=run.pk).update(book=touched)
    code, words = said("run_replay", run)
    assert code == 1
    assert "✗ 冻结的政策" in words


def test_a_frozen_file_that_was_touched_is_noticed(run):
    path, _part = next(frozen_facts(run).files())
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    code, words = said("run_replay", run)
    assert code == 1
    assert path.name in words


def test_a_result_that_was_touched_is_noticed(run):
    path = ledger_file(run)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    code, words = said("run_replay", run)
    assert code == 1
    assert "✗ 留存的结果文件" in words


def test_what_is_not_here_cannot_be_proved(run, house, settings, tmp_path):
    draft = Run.objects.create(title="x", division_id=house.city, month=month.MONTH, policy_key="x")
    assert said("run_replay", draft)[0] == 2
    assert said("run_cross_check", draft)[0] == 2
    settings.SNAPSHOTS = tmp_path / "elsewhere"
    code, words = said("run_replay", run)
    assert code == 2
    assert "归档" in words
    run.pk = 999999
    assert said("run_replay", run)[0] == 2


def test_the_database_computes_the_same(run):
    code, words = said("run_cross_check", run)
    assert code == 0
    assert "只在测算结果里 0 条，只在数据库计算里 0 条" in words


def test_the_database_knows_only_what_was_known_then(run, house):
    """A death reported after the run changes nothing; another result file does."""
    report_death(Actor.system("test"), house.people[0], on=month.dt.date(2026, 1, 1), source="家属")
    assert said("run_cross_check", run)[0] == 0
    path = ledger_file(run)
    import pyarrow.parquet as pq

    rows = pq.read_table(path)
    path.chmod(0o644)
    pq.write_table(rows.slice(1), path)
    code, words = said("run_cross_check", run)
    assert code == 1
    assert "只在数据库计算里 1 条" in words


def another_compiler(monkeypatch: pytest.MonkeyPatch, select: str) -> None:
    """As after an update of the program: the same policies become another statement, a SELECT over the one of now."""
    true = statement._sorted
    monkeypatch.setattr(statement, "_sorted", lambda sql, known: true(select.format(sql), known))


OTHER, WRONG = "SELECT * FROM ({}) AS once_more", "SELECT * FROM ({}) AS fewer WHERE amount_fen <> 6000"


def test_a_run_of_an_earlier_program_is_proved_by_the_statement_of_then(run, monkeypatch):
    another_compiler(monkeypatch, OTHER)
    code, words = said("run_replay", run)
    assert code == 0
    assert "! 计算语句：与当时不同（程序已改版），两个语句算出的结果相同" in words
    assert "✓ 测算结果（逐字节）" in words
    assert "分毫不差" in words


def test_a_program_that_now_computes_otherwise_is_told_from_a_ledger_that_differs(run, monkeypatch):
    another_compiler(monkeypatch, WRONG)
    code, words = said("run_replay", run)
    assert code == 1
    assert "✗ 计算语句：与当时不同，结果也不同：只在当时的结果里 1 条，只在现在的结果里 0 条" in words
    assert "✓ 逐条比对（双向）：只在台账里 0 条，只在重算里 0 条" in words


def test_a_touched_ledger_is_found_whatever_the_program_is_now(run, monkeypatch):
    another_compiler(monkeypatch, OTHER)
    change(run, amount_fen=6001)
    code, words = said("run_replay", run)
    assert code == 1
    assert "! 计算语句" in words
    assert "✗ 逐条比对（双向）：只在台账里 1 条，只在重算里 1 条" in words


def test_a_run_that_kept_no_statement_is_proved_line_by_line(run, monkeypatch):
    statement_file(run).unlink()
    Run.objects.filter(pk=run.pk).update(statement_sha="")
    assert "! " not in said("run_replay", run)[1]
    another_compiler(monkeypatch, OTHER)
    monkeypatch.setattr(statement.Compiled, "sha256", "another")
    code, words = said("run_replay", run)
    assert code == 0
    assert "! 计算语句：与当时不同（程序已改版）；以逐条比对为准" in words
    assert "逐字节" not in words


def test_a_statement_that_was_touched_or_lost_is_noticed_and_not_run(run):
    path = statement_file(run)
    path.chmod(0o644)
    path.write_text(path.read_text().replace("amount_fen", "raw_fen"))
    code, words = said("run_replay", run)
    assert code == 1
    assert "✗ 留存的计算语句" in words
    assert "✓ 逐条比对（双向）" in words
    path.unlink()
    code, words = said("run_replay", run)
    assert code == 1
    assert "statement.json 不在" in words


def test_policies_the_program_cannot_read_any_more_are_no_hindrance(run, monkeypatch):
    def unread(_run):
        raise ValueError("an older language")

    monkeypatch.setattr(books, "frozen_book", unread)
    code, words = said("run_replay", run)
    assert code == 0
    assert "按当时的语句重算：an older language" in words
    Run.objects.filter(pk=run.pk).update(statement_sha="")
    assert said("run_replay", run)[0] == 2


def test_a_statement_the_engine_cannot_run_any_more_gives_way_to_that_of_today(run):
    path = statement_file(run)
    old = path.read_text()
    path.unlink()
    kept = Statement.read(old.replace("SELECT", "SELECT FROM", 1))
    Run.objects.filter(pk=run.pk).update(statement_sha=kept.keep(path))
    code, words = said("run_replay", run)
    assert code == 0
    assert "! 计算语句：当时的语句已不能运行" in words
    assert "逐字节" not in words


def test_a_statement_is_read_as_it_was_written(run):
    text = statement_file(run).read_text()
    assert Statement.read(text).text == text
    assert Statement.read(text).sha256 == run.statement_sha
