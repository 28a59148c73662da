"""What the server does with what a phone sends: once, whole, kept when it does not fit, and told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.rooms import house as the_house
from yanglao.kernel.scope import entered, everything
from yanglao.shell.offline import actions, queries, rules
from yanglao.shell.offline.models import Device, Photo, Received, Seal, Taken
from yanglao.shell.offline.tests.phones import PNG
from yanglao.shell.offline.tests.sample import Ledger

WHO = "assessor"
Stand = Callable[..., Ledger]
DEVICE = str(uuid4())
PICTURE = hashlib.sha256(PNG).hexdigest()


def post(client: Client, name: str, data: Any, *, owner: Any = None, **args: Any) -> Any:
    headers = {"X-Field-User": f"u{owner.pk}"} if owner else {}
    return client.post(
        reverse(f"offline:{name}", kwargs=args or None),
        data=json.dumps(data),
        content_type="application/json",
        headers=headers,
    )


def send_photo(client: Client, uid: str, content: bytes = PNG, sha256: str = PICTURE) -> Any:
    url = reverse("offline:photo", kwargs={"uid": uid, "sha256": sha256})
    return client.post(url, data=content, content_type="image/png")


def filled(subject: str = "1", **more: Any) -> dict[str, Any]:
    now = timezone.now().isoformat()
    return {
        "uid": str(uuid4()),
        "kind": "visit",
        "subject": subject,
        "sequence": 1,
        "made_at": now,
        "sent_at": now,
        "device": DEVICE,
        "answers": {"meal": 1, "falls": 0},
        "signatures": [{"code": "visitor", "name": "甲某", "drawn": ""}],
        "photos": [],
        **more,
    }


def test_sent_twice_it_is_taken_in_once_and_answered_the_same(house: House, ledger: Stand):
    book, client, form = ledger(), house.client(WHO), filled()
    first = post(client, "send", form).json()
    again = post(client, "send", form).json()
    assert (first["state"], first["number"]) == ("accepted", "T1")
    assert {k: again[k] for k in ("uid", "state", "number", "received_at")} == {
        k: first[k] for k in ("uid", "state", "number", "received_at")
    }
    assert len(book.records) == 1


def test_a_form_waits_for_its_photos_which_come_once(house: House, ledger: Stand):
    book, client = ledger(), house.client(WHO)
    form = filled(photos=[{"sha256": PICTURE, "item": "meal", "taken_at": timezone.now().isoformat()}])
    early = post(client, "send", form)
    assert (early.status_code, early.json()["missing"]) == (422, [PICTURE])
    assert post(client, "asked", {"uid": form["uid"]}).json() == {"receipt": None, "photos": []}
    assert send_photo(client, form["uid"]).status_code == 200
    assert send_photo(client, form["uid"]).status_code == 200
    assert Photo.objects.count() == 1
    assert post(client, "asked", {"uid": form["uid"]}).json()["photos"] == [PICTURE]
    assert post(client, "send", form).json()["state"] == "accepted"
    kept = book.records[0].files[PICTURE]
    assert kept.open().read() == PNG
    assert post(client, "asked", {"uid": form["uid"]}).json()["receipt"]["state"] == "accepted"


def test_a_photo_that_was_damaged_on_the_way_is_not_kept(house: House, ledger: Stand):
    ledger()
    answer = send_photo(house.client(WHO), str(uuid4()), sha256="0" * 64)
    assert answer.status_code == 422
    assert "损坏" in answer.json()["problem"]
    assert not Photo.objects.exists()


def test_a_photo_is_kept_without_the_place_it_was_taken_at(house: House, ledger: Stand):
    ledger()
    beside = b"Exif\0\0MM\0*\0\0\0\x08\0\0N29.87 E121.55"
    picture = b"\xff\xd8\xff\xe1" + (len(beside) + 2).to_bytes(2, "big") + beside + b"\xff\xda\0\x02x\xff\xd9"
    sha256 = hashlib.sha256(picture).hexdigest()
    assert send_photo(house.client(WHO), str(uuid4()), content=picture, sha256=sha256).status_code == 200
    assert Photo.objects.get(sha256=sha256).file.open().read() == b"\xff\xd8\xff\xda\0\x02x\xff\xd9"


def test_what_is_refused_is_kept_whole_and_sealed(house: House, ledger: Stand):
    book = ledger()
    form = filled(answers={"words": "refuse", "meal": 0})
    answer = post(house.client(WHO), "send", form).json()
    assert (answer["state"], answer["message"]) == ("refused", "这位老人已经迁出。")
    assert not book.records
    received = Received._base_manager.get()
    assert "refuse" not in str(received.payload)
    assert received.open
    with everything("test"):
        sent = actions.reveal(house.actor("district_officer", house.county), _placed(received, house))
    assert sent["answers"] == {"words": "refuse", "meal": 0}
    assert AuditEntry._base_manager.filter(verb="offline.reveal").exists()


def _placed(received: Received, house: House) -> Received:
    Received._base_manager.filter(pk=received.pk).update(division=house.village)
    received.refresh_from_db()
    return received


def test_a_conflict_is_shown_to_staff_until_it_is_settled(house: House, ledger: Stand):
    book = ledger()
    book.division = house.village
    client, officer = house.client(WHO), house.client("district_officer", house.county)
    post(client, "work", {"device": DEVICE})
    post(client, "send", filled("1"))
    assert post(client, "send", filled("1", sequence=2)).json()["state"] == "conflict"
    page = officer.get(reverse("offline:list"), {"open": "1"}).content.decode()
    assert "另一位探访员已送来这一户" in page
    assert "有冲突" in page
    with everything("test"):
        found = Received.objects.get(state="conflict")
    settle = reverse("offline:settle", args=[found.pk])
    assert officer.post(settle, {"how": " "}).status_code == 422
    assert officer.post(settle, {"how": "以先到的为准"}).status_code == 302
    with everything("test"), pytest.raises(ValidationError, match="已经处理过"):
        actions.settle(
            house.actor("district_officer", house.county), Received.objects.get(pk=found.pk), how="x"
        )
    assert house.client("district_officer", house.other_county).get(settle).status_code == 404


def test_a_room_that_breaks_takes_nothing_and_can_be_asked_again(house: House, ledger: Stand):
    book, client, form = ledger(), house.client(WHO), filled()
    book.fail = 1
    with pytest.raises(RuntimeError):
        post(client, "send", form)
    assert not Received._base_manager.exists()
    assert post(client, "send", form).json()["state"] == "accepted"


def test_an_ended_session_is_told_as_such_and_another_account_sends_nothing(house: House, ledger: Stand):
    book = ledger()
    ended = post(house.client(None), "send", filled())
    assert (ended.status_code, ended.json()["signed_in"]) == (401, False)
    owner = house.user(WHO)
    assert post(house.client(WHO, name="乙某"), "send", filled(), owner=owner).status_code == 409
    assert not book.records
    assert post(house.client("finance"), "send", filled()).status_code == 403


def test_a_form_of_one_account_is_never_anothers(house: House, ledger: Stand):
    ledger()
    form = filled()
    post(house.client(WHO), "send", form)
    other = house.client(WHO, name="乙某")
    assert post(other, "asked", {"uid": form["uid"]}).json()["receipt"] is None
    assert post(other, "send", form).status_code == 422


def test_a_phone_whose_clock_is_wrong_is_told_and_its_times_are_put_right(house: House, ledger: Stand):
    book, client = ledger(), house.client(WHO)
    ahead = timezone.now() + timedelta(hours=2)
    opened = post(client, "open", {"device": DEVICE, "label": "phone", "now": ahead.isoformat()}).json()
    assert 7100 < opened["skew"] < 7300
    made = ahead - timedelta(minutes=30)
    post(client, "send", filled(made_at=made.isoformat(), sent_at=ahead.isoformat()))
    minutes_ago = (timezone.now() - book.records[0].made_at).total_seconds() / 60
    assert 29 < minutes_ago < 31
    assert 7100 < Received._base_manager.get().skew < 7300


def test_the_key_is_the_same_at_every_opening_and_each_accounts_own(house: House, ledger: Stand):
    ledger()
    hello = {"device": DEVICE, "label": "phone", "now": timezone.now().isoformat()}
    keys = [post(house.client(WHO), "open", hello).json()["key"] for _turn in range(2)]
    other = post(house.client(WHO, name="乙某"), "open", hello).json()["key"]
    assert keys[0] == keys[1] != other
    assert len(bytes.fromhex(other)) == 32
    assert all(
        key not in str(seal.secret)
        for seal, key in zip(Seal.objects.order_by("pk"), [keys[0], other], strict=True)
    )
    assert not AuditEntry._base_manager.filter(notes__icontains=keys[0]).exists()


def test_what_is_out_on_phones_is_seen_until_it_is_back(house: House, ledger: Stand):
    book = ledger(2)
    book.division = house.village
    client, officer = house.client(WHO), house.client("district_officer", house.county)
    post(client, "open", {"device": DEVICE, "label": "Android Chrome", "now": timezone.now().isoformat()})
    post(client, "work", {"device": DEVICE, "drafts": 1, "waiting": 2})
    page = officer.get(reverse("offline:waiting")).content.decode()
    assert all(text in page for text in ("老人1", "老人2", "Android Chrome"))
    post(client, "send", filled("1"))
    assert "老人1" not in officer.get(reverse("offline:waiting")).content.decode()
    book.subjects = []
    post(client, "work", {"device": DEVICE})
    with everything("test"):
        assert not queries.not_back().exists()
        assert Taken.objects.get(subject="2").dropped_at is not None
    device = Device.objects.get()
    assert (device.drafts, device.waiting) == (0, 0)


def test_an_address_is_given_to_a_phone_once_and_again_when_it_changed(house: House, ledger: Stand):
    book, client = ledger(2), house.client(WHO)
    book.mark = "m1"
    first = post(client, "work", {"device": DEVICE}).json()
    assert sorted(first["doors"]) == ["visit/1", "visit/2"]
    assert first["doors"]["visit/1"]["address"] == "青林弄1号"
    held = {f"visit/{task['subject']}": task["door"] for task in first["tasks"]}
    assert post(client, "work", {"device": DEVICE, "held": held}).json()["doors"] == {}
    held["visit/2"] = "m0"
    assert list(post(client, "work", {"device": DEVICE, "held": held}).json()["doors"]) == ["visit/2"]
    assert book.given == [["1", "2"], ["2"]]
    taken = Taken._base_manager.values_list("title", flat=True)
    assert not any("赵第" in title for title in taken)


def test_a_number_is_given_one_at_a_time(house: House, ledger: Stand):
    ledger(1)
    client = house.client(WHO)
    asked = {"kind": "visit", "subject": "1", "key": "self"}
    assert post(client, "number", asked).json() == {"number": "13900000000"}
    assert post(client, "number", {**asked, "key": "x"}).status_code == 422
    assert post(client, "number", {**asked, "kind": "x"}).status_code == 422
    entry = AuditEntry._base_manager.get(verb="offline.number", notes__key="self")
    assert "139" not in json.dumps(entry.notes)


def test_photos_whose_form_never_came_are_forgotten_after_three_months(house: House, ledger: Stand):
    ledger()
    client, form = house.client(WHO), filled()
    form["photos"] = [{"sha256": PICTURE, "item": "", "taken_at": timezone.now().isoformat()}]
    send_photo(client, form["uid"])
    send_photo(client, str(uuid4()))
    post(client, "send", form)
    assert actions.sweep(Actor.system("test"), before=timezone.now() - timedelta(days=1)) == 0
    assert actions.sweep(Actor.system("test"), before=timezone.now()) == 1
    assert [str(photo.uid) for photo in Photo.objects.all()] == [form["uid"]]


def test_a_kept_forms_photo_is_given_to_staff_and_the_reading_recorded(house: House, ledger: Stand):
    ledger().division = house.village
    client, form = house.client(WHO), filled(answers={"words": "refuse"})
    form["photos"] = [{"sha256": PICTURE, "item": "", "taken_at": timezone.now().isoformat()}]
    post(client, "work", {"device": DEVICE})
    send_photo(client, form["uid"])
    post(client, "send", form)
    officer = house.client("district_officer", house.county)
    pk = Received._base_manager.get().pk
    assert "下载图片 1" in officer.post(reverse("offline:content", args=[pk])).content.decode()
    given_out = officer.post(reverse("offline:picture", args=[pk, PICTURE]))
    assert b"".join(given_out.streaming_content) == PNG
    assert officer.post(reverse("offline:picture", args=[pk, "0" * 64])).status_code == 404
    assert AuditEntry._base_manager.filter(verb="offline.picture").count() == 1


def test_staff_see_what_arrived_in_their_division_only(house: House, ledger: Stand):
    book = ledger()
    book.division = house.village
    client = house.client(WHO)
    post(client, "work", {"device": DEVICE})
    post(client, "send", filled("1"))
    with entered(house.actor("district_officer", house.county)):
        assert Received.objects.count() == 1
    with entered(house.actor("district_officer", house.other_county)):
        assert not Received.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"uid": "x"},
        {"kind": ""},
        {"subject": "9" * 61},
        {"sequence": -1},
        {"made_at": "gestern"},
        {"sent_at": "2026-11-22T10:00:00"},
        {"answers": []},
        {"photos": [{"sha256": "x", "taken_at": "2026-11-22T10:00:00Z"}]},
        {"signatures": [{"name": "甲某"}]},
        {"kind": "unknown"},
    ],
)
def test_what_our_page_would_not_send_is_answered_in_words(
    house: House, ledger: Stand, change: dict[str, Any]
):
    book = ledger()
    answer = post(house.client(WHO), "send", filled(**change))
    assert answer.status_code == 422
    assert "手机" in answer.json()["problem"]
    assert not book.records


def test_too_much_is_refused_in_words(house: House, ledger: Stand):
    ledger()
    client = house.client(WHO)
    long = post(client, "send", filled(answers={"words": "字" * rules.RECORD_BYTES}))
    assert (long.status_code, "缩短" in long.json()["problem"]) == (422, True)
    large = send_photo(client, str(uuid4()), content=b"x" * (rules.PHOTO_BYTES + 1))
    assert (large.status_code, "MB" in large.json()["problem"]) == (422, True)


def test_the_files_a_phone_keeps_are_all_there_and_hold_nothing_personal(house: House):
    client = house.client(WHO)
    worker = client.get("/sw.js")
    assert worker["Service-Worker-Allowed"] == "/"
    assert queries.version() in worker.content.decode()
    page = client.get("/field/").content.decode()
    assert house.user(WHO).name not in page
    for url in queries.shell_files():
        if not url.startswith("/static/"):
            assert client.get(url).status_code == 200, url
    assert client.get("/field/app/x/nothing.js").status_code == 404


def test_the_engine_knows_no_rooms_form(house: House):
    """Forms are known by what rooms offer alone: neither scripts nor server name one."""
    kinds = [*the_house().offline_forms, "评估", "补问"]
    folder = queries.CLIENT.parent
    code = [*folder.glob("client/*.js"), *folder.glob("*.py"), *folder.glob("templates/**/*.html")]
    assert len(kinds) >= 4
    for path in code:
        text = path.read_text(encoding="utf-8")
        assert not [kind for kind in kinds if f'"{kind}"' in text or (kind > "z" and kind in text)], path.name


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(-(10**7), 10**7))
def test_a_time_put_right_is_never_later_than_now_and_right_when_the_clock_was(moment: datetime, skew: int):
    now = timezone.make_aware(datetime(2026, 6, 1))
    real = timezone.make_aware(moment)
    said = real + timedelta(seconds=skew)
    found = rules.put_right(said, skew, now)
    assert found <= now
    if abs(skew) > rules.SKEW_TOLD:
        assert found == min(real, now)
