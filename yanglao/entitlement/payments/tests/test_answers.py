"""An answer handed in on the page: read at once or by a job, its errors marked in the user's own file, then forgotten."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from yanglao.entitlement.payments import actions
from yanglao.entitlement.payments.models import Reading
from yanglao.entitlement.payments.tests import month
from yanglao.entitlement.payments.views import files
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything


@pytest.fixture
def order(city):
    return month.order(city)


def hand_in(city, file, path):
    client = city.client(month.PAYER, city.city)
    data = {"file": SimpleUploadedFile("回盘.txt", path.read_bytes()), "format": "bank-pipe"}
    return client, client.post(reverse("payments:return", args=[file.pk]), data)


def wrong(tmp_path, file):
    """An answer with another amount than was sent."""
    path = month.answer(tmp_path, file, {1: ("0000", "")}, "wrong.txt")
    path.write_bytes(path.read_bytes().replace(b"60.00", b"77.00"))
    return path


@pytest.mark.parametrize("at_once", [10**6, 0], ids=["at-once", "job"])
def test_a_right_answer_is_taken_in_and_not_kept(city, order, tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(files, "AT_ONCE", at_once)
    file, _made = month.send(city, order)
    _client, said = hand_in(city, file, month.answer(tmp_path, file, {1: ("0000", "")}))
    assert said.status_code == 302
    assert month.states(order) == {"paid": 1, "withheld": 2}
    reading = Reading.objects.get()
    assert (reading.state, reading.paid, reading.stored_id, reading.marked_id) == ("done", 1, None, None)


def test_every_error_is_marked_in_the_user_s_own_file_and_nothing_is_taken_in(city, order, tmp_path):
    file, _made = month.send(city, order)
    client, said = hand_in(city, file, wrong(tmp_path, file))
    reading = Reading.objects.get()
    assert said.headers["Location"] == reading.get_absolute_url()
    assert (reading.state, reading.errors, reading.stored_id) == ("wrong", 1, None)
    assert month.states(order) == {"sent": 1, "withheld": 2}
    assert "处错误" in client.get(reading.get_absolute_url()).content.decode()
    answer = client.get(reverse("payments:marked", args=[reading.pk]))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert any("77.00" in str(cell.value) for row in book.worksheets[0] for cell in row)
    assert "金额与报送的不一致" in str([[c.value for c in row] for sheet in book for row in sheet])
    month.read(city, file, month.answer(tmp_path, file, {1: ("0000", "")}, "right.txt"))
    hand_in(city, file, tmp_path / "right.txt")  # read before: nothing changes, and the marked file goes
    reading.refresh_from_db()
    assert reading.marked_id is None


def test_what_cannot_be_read_says_why(city, order, tmp_path):
    file, _made = month.send(city, order)
    path = tmp_path / "x.txt"
    path.write_bytes(b"PK\x03\x04 no workbook")
    client, said = hand_in(city, file, path)
    reading = Reading.objects.get()
    assert reading.state in ("failed", "wrong")
    assert said.status_code == 302
    assert client.get(reading.get_absolute_url()).status_code == 200


def test_marked_answers_are_forgotten_after_a_week(city, order, tmp_path):
    file, _made = month.send(city, order)
    hand_in(city, file, wrong(tmp_path, file))
    with everything("test"):
        assert actions.forget_marked(Actor.system("test"), before=timezone.now() - dt.timedelta(days=7)) == 0
        assert actions.forget_marked(Actor.system("test"), before=timezone.now()) == 1
