import datetime as dt
import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.jobs.models import JobRun
from yanglao.shell.imports import actions, flow
from yanglao.shell.imports.models import ImportBatch
from yanglao.shell.imports.reporting import shown_groups, shown_refusal

from .conftest import good, workbook

State = ImportBatch.State


def names():
    return sorted(Organisation.objects.filter(kind="other").values_list("name", flat=True))


def test_an_upload_is_checked_and_writes_nothing(house, upload):
    batch = upload(*good(house))
    assert (batch.state, batch.rows, batch.error_rows) == (State.CHECKED, 3, 0)
    assert batch.marked is None
    assert batch.can_commit
    assert names() == []


def test_all_errors_of_all_rows_are_reported_at_once(house, upload):
    batch = upload(["", "1", ""], ["单位 乙", str(house.village), ""], ["单位 乙", "330", ""])
    assert (batch.rows, batch.error_rows, batch.warning_rows) == (3, 2, 1)
    groups = {(g.title, g.what): g.rows for g in shown_groups(batch.report)}
    assert groups == {
        ("名称", "必填项是空的"): [2],
        ("区划代码", "写法不对"): [2, 4],
        ("名称", "文件内重复"): [4],
        ("名称", "名称里有空格"): [3, 4],
    }
    with batch.marked.open() as stream:
        book = openpyxl.load_workbook(io.BytesIO(stream.read()))
    assert "【区划代码】" in book["Sheet"]["D2"].value


def test_it_commits_all_rows_once(house, upload, worker):
    batch = upload(*good(house))
    actions.begin_commit(worker, batch)
    batch.refresh_from_db()
    assert batch.state == State.COMMITTED
    assert batch.counts == {"新增": 3}
    assert names() == ["单位0", "单位1", "单位2"]
    with pytest.raises(ValidationError, match="已入库"):
        actions.begin_commit(worker, batch, again=True)
    assert len(names()) == 3


def test_a_file_with_errors_cannot_be_committed(house, upload, worker):
    batch = upload(*good(house), ["", "1", ""], keep_good_rows=False)
    assert not batch.can_commit
    for good_only in (False, True):
        with pytest.raises(ValidationError, match="还有 1 行有错误"):
            actions.begin_commit(worker, batch, good_only=good_only)
    assert names() == []


def test_the_user_may_choose_to_commit_the_good_rows(house, upload, worker):
    batch = upload(*good(house), ["", "1", ""])
    with pytest.raises(ValidationError):
        actions.begin_commit(worker, batch)
    actions.begin_commit(worker, batch, good_only=True)
    batch.refresh_from_db()
    assert (batch.state, batch.good_only, batch.counts) == (State.COMMITTED, True, {"新增": 3})
    assert batch.rows == batch.counts["新增"] + batch.error_rows
    assert batch.marked is not None


def test_an_error_in_the_middle_of_a_commit_leaves_nothing(house, upload, worker):
    def breaks(batches, context):
        for rows in batches:
            Organisation.objects.create(name="半个", kind="other", division_id=house.village)
            Organisation.objects.create(name="半个", kind="other", division_id=house.village)
            context.progress(len(rows))

    batch = upload(*good(house), commit=breaks)
    with pytest.raises(IntegrityError):
        actions.begin_commit(worker, batch)
    batch.refresh_from_db()
    assert batch.state != State.COMMITTED
    assert names() == []


def test_nothing_is_written_and_all_checked_again_when_the_registers_have_changed_since_the_check(
    house, upload, worker
):
    batch = upload(*good(house))
    Organisation.objects.create(name="单位1", kind="other", division_id=house.village)
    actions.begin_commit(worker, batch)
    batch.refresh_from_db()
    assert names() == ["单位1"]
    assert (batch.state, batch.error_rows, batch.report["again"]) == (State.CHECKED, 1, True)
    assert [g.what for g in shown_groups(batch.report)] == ["单位已存在"]


def test_the_same_file_is_recognised(house, upload, worker):
    first = upload(*good(house))
    actions.begin_commit(worker, first)
    with first.file.open() as stream:
        second = upload(stream=io.BytesIO(stream.read()), check_rows=None)
    assert actions.committed_before(second).pk == first.pk
    with pytest.raises(ValidationError, match="已经入库过"):
        actions.begin_commit(worker, second)


def test_it_is_undone_within_the_day(house, upload, worker):
    batch = upload(*good(house))
    actions.begin_commit(worker, batch)
    batch.refresh_from_db()
    assert batch.can_undo
    actions.begin_undo(worker, batch)
    batch.refresh_from_db()
    assert batch.state == State.UNDONE
    assert names() == []


def test_it_is_not_undone_after_the_day(house, upload, worker):
    batch = upload(*good(house))
    actions.begin_commit(worker, batch)
    ImportBatch.objects.update(committed_at=timezone.now() - dt.timedelta(hours=25))
    batch.refresh_from_db()
    with pytest.raises(ValidationError, match="24 小时"):
        actions.begin_undo(worker, batch)
    assert len(names()) == 3


def test_an_undo_is_refused_with_the_reason_when_later_changes_rest_on_it(house, upload, worker):
    batch = upload(["不能撤", str(house.village), ""])
    actions.begin_commit(worker, batch)
    batch.refresh_from_db()
    actions.begin_undo(worker, batch)
    batch.refresh_from_db()
    assert batch.state == State.COMMITTED
    assert shown_refusal(batch.report) == ("有单位已被使用", "后来的记录引用了它", "逐条更正")
    assert names() == ["不能撤"]


def test_a_file_that_cannot_be_read_says_why(upload):
    batch = upload(stream=workbook(["大米", 3], headings=["品名", "数量"]))
    assert batch.state == State.FAILED
    what, why, how = shown_refusal(batch.report)
    assert what == "不是这个模板的工作簿"
    assert "品名、数量" in why
    assert how


def test_a_second_run_of_a_job_does_nothing(house, upload, worker):
    from yanglao.shell.imports.tasks import check_import, commit_import

    batch = upload(*good(house))
    actions.begin_commit(worker, batch)

    class Context:
        actor = worker

        def result(self, url):
            assert url == batch.get_absolute_url()

    entries = AuditEntry.objects.count()
    for job in (check_import, commit_import):
        job(Context(), batch_id=batch.pk)
    assert len(names()) == 3
    assert AuditEntry.objects.count() == entries


def test_a_checked_import_can_be_given_up(house, upload, worker):
    batch = upload(*good(house))
    actions.cancel(worker, batch)
    with pytest.raises(ValidationError, match="已放弃"):
        actions.begin_commit(worker, batch)


def test_an_import_stuck_behind_a_failed_job_can_be_given_up_and_one_at_work_cannot(house, upload, worker):
    batch = upload(*good(house))
    actions.begin_commit(worker, batch, start=False)
    with pytest.raises(ValidationError, match="入库中"):
        actions.cancel(worker, ImportBatch.objects.get())
    JobRun.objects.update(state="failed")
    actions.cancel(worker, ImportBatch.objects.get())
    assert ImportBatch.objects.get().state == State.CANCELLED


def test_giving_up_an_undo_that_failed_leaves_the_import_in_the_register(house, upload, worker):
    def breaks(context):
        raise RuntimeError("no such luck")

    batch = upload(*good(house), undo=breaks)
    actions.begin_commit(worker, batch)
    batch.refresh_from_db()
    with pytest.raises(RuntimeError):
        actions.begin_undo(worker, batch)
    ImportBatch.objects.update(state=State.UNDOING)
    JobRun.objects.update(state="failed")
    actions.cancel(worker, ImportBatch.objects.get())
    assert ImportBatch.objects.get().state == State.COMMITTED
    assert len(names()) == 3


def test_an_outsider_cannot_touch_it(house, upload):
    batch = upload(*good(house))
    outsider = house.actor("street_worker", house.other_street)
    for change in (actions.begin_commit, actions.cancel, actions.begin_undo):
        with pytest.raises(Forbidden):
            change(outsider, batch)
    with pytest.raises(Forbidden):
        actions.download(outsider, batch, "original")


def test_a_colleague_of_the_same_street_may_go_on(house, upload):
    batch = upload(*good(house))
    actions.begin_commit(house.actor("street_worker", house.street, name="同事"), batch)
    assert len(names()) == 3


def test_every_step_is_in_the_audit_without_personal_data(house, upload, worker):
    batch = upload(*good(house), ["", "1", "13912345678"])
    actions.begin_commit(worker, batch, good_only=True)
    actions.download(worker, batch, "marked")
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    for verb in ("imports.upload", "imports.check", "imports.commit", "imports.download"):
        assert verb in verbs
    written = str(list(AuditEntry.objects.order_by("pk").values("before", "after", "notes")))
    assert "13912345678" not in written + str(batch.report)


def test_it_can_be_done_at_once_for_commands(house, offer, worker, tmp_path):
    template = offer()
    path = tmp_path / "单位.xlsx"
    path.write_bytes(workbook(*good(house), ["", "1", ""]).read())
    stays = flow.import_now(worker, template, path, division=house.street)
    assert stays.state == State.CHECKED
    done = flow.import_now(worker, template, path, division=house.street, good_only=True)
    assert done.counts == {"新增": 3}


def test_files_are_forgotten_after_half_a_year_and_the_counts_stay(house, upload, worker):
    done, waiting = upload(*good(house)), upload(*good(house))
    actions.begin_commit(worker, done)
    now = timezone.now()
    assert actions.purge(worker, now=now + dt.timedelta(days=179)) == 0
    assert actions.purge(worker, now=now + dt.timedelta(days=181)) == 2
    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.file, done.state, done.counts) == (None, State.COMMITTED, {"新增": 3})
    assert waiting.state == State.CANCELLED
    with pytest.raises(ValidationError, match="保存期限"):
        actions.download(worker, done, "original")
