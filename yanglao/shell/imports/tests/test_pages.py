import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yanglao.kernel.accounts.models import Organisation
from yanglao.shell.imports import actions
from yanglao.shell.imports.models import ImportBatch

from .conftest import good, workbook


@pytest.fixture
def client(house):
    return house.client("street_worker", house.street)


def body(response) -> str:
    return response.content.decode()


def test_the_way_from_template_to_commit_and_back(house, offer, client):
    template = offer()
    assert "单位" in body(client.get(reverse("imports:list")))
    page = client.get(reverse("imports:start", args=[template.name]))
    assert "区划代码" in body(page)

    file = client.get(reverse("imports:template", args=[template.name]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    book["单位"].append(["单位甲", str(house.village), None])
    filled = io.BytesIO()
    book.save(filled)

    upload = SimpleUploadedFile("单位.xlsx", filled.getvalue())
    answer = client.post(reverse("imports:start", args=[template.name]), {"file": upload}, follow=True)
    assert "1 行全部没有错误" in body(answer)
    batch = ImportBatch.objects.get()
    assert batch.division_id == house.street

    answer = client.post(reverse("imports:commit", args=[batch.pk]), follow=True)
    assert "新增 <strong>1</strong>" in body(answer)
    assert Organisation.objects.filter(name="单位甲").exists()

    answer = client.post(reverse("imports:undo", args=[batch.pk]), follow=True)
    assert "整批撤销" in body(answer)
    assert not Organisation.objects.filter(name="单位甲").exists()


def test_the_report_shows_problems_and_hides_personal_data(house, upload, client):
    batch = upload(*good(house), ["", "1", "13912345678"])
    page = body(client.get(batch.get_absolute_url()))
    assert "必填项是空的" in page
    assert "只导入没有错误的 3 行" in page
    assert "13912345678" not in page
    assert "139*****678" in page


def test_a_template_without_that_choice_offers_no_partial_commit(house, upload, client):
    batch = upload(*good(house), ["", "1", ""], keep_good_rows=False)
    page = body(client.get(batch.get_absolute_url()))
    assert "还有 1 行有错误" in page
    assert 'name="good_only"' not in page


def test_the_report_is_readable_in_english(house, upload, client):
    batch = upload(["", "1", ""])
    client.cookies["django_language"] = "en"
    page = body(client.get(batch.get_absolute_url()))
    assert "A required cell is empty" in page
    assert "Not one row can be imported" in page


def test_a_file_imported_before_asks_first(house, upload, client, worker):
    first = upload(*good(house))
    actions.begin_commit(worker, first)
    with first.file.open() as stream:
        second = upload(stream=io.BytesIO(stream.read()), check_rows=None, unique=())
    page = body(client.get(second.get_absolute_url()))
    assert "同样的文件" in page
    assert 'name="again"' in page
    answer = body(client.post(reverse("imports:commit", args=[second.pk]), follow=True))
    assert "已经入库过" in answer
    second.refresh_from_db()
    assert second.state == "checked"


def test_the_marked_workbook_is_given_to_the_one_who_may(house, upload, client):
    batch = upload(*good(house), ["", "1", ""])
    url = reverse("imports:download", args=[batch.pk, "marked"])
    answer = client.post(url)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames[0] == "错误汇总"
    assert client.get(url).status_code == 405
    outsider = house.client("street_worker", house.other_street)
    assert outsider.post(url).status_code == 404


def test_a_file_that_is_no_table_says_so(house, offer, client):
    template = offer()
    upload = SimpleUploadedFile("a.xlsx", b"%PDF-1.7 x")
    page = body(client.post(reverse("imports:start", args=[template.name]), {"file": upload}, follow=True))
    assert "不是能读的表格文件" in page
    assert "这是 PDF 文件" in page


def test_an_empty_or_missing_file_is_answered_on_the_form(house, offer, client):
    url = reverse("imports:start", args=[offer().name])
    assert "请选择要上传的文件" in body(client.post(url))
    assert "文件里没有内容" in body(client.post(url, {"file": SimpleUploadedFile("a.xlsx", b"")}))


def test_a_file_over_200_mb_is_answered_on_the_form(house, offer, client, monkeypatch):
    from yanglao.shell.imports import forms
    from yanglao.shell.sheets.limits import Limits

    monkeypatch.setattr(forms, "LIMITS", Limits(max_bytes=1024))
    upload = SimpleUploadedFile("a.xlsx", b"x" * 2000)
    page = body(client.post(reverse("imports:start", args=[offer().name]), {"file": upload}))
    assert "文件太大" in page
    assert not ImportBatch.objects.exists()


def test_the_list_costs_the_same_for_ten_times_the_imports(house, upload, client, assert_same_queries):
    upload(*good(house))
    url = reverse("imports:list")

    def grow():
        first = ImportBatch.objects.get()
        for _ in range(9):
            first.pk = None
            first.save()

    assert_same_queries(lambda: client.get(url), grow, at_most=25)


def test_the_list_goes_on_after_a_page(house, upload, client, monkeypatch):
    monkeypatch.setattr("yanglao.shell.imports.views.PAGE", 2)
    batches = [upload(stream=workbook([f"单位{i}", str(house.village), ""])) for i in range(3)]
    first = body(client.get(reverse("imports:list")))
    assert "更早的导入" in first
    assert f"/imports/{batches[0].pk}/" not in first
    assert f"/imports/{batches[0].pk}/" in body(
        client.get(reverse("imports:list") + f"?before={batches[1].pk}")
    )
