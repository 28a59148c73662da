from __future__ import annotations

import copy
import json
import logging
import pickle
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from django.forms import modelform_factory
from django.template import Context, Engine

from yanglao.kernel.crypto.errors import Tampered
from yanglao.kernel.crypto.fields import BlindIndexField, EncryptedField
from yanglao.kernel.crypto.keyring import blind_index, seal
from yanglao.kernel.crypto.sealed import Sealed

from .conftest import Holder

NUMBER = "330203194001011234"
PATH = "crypto_tests.holder.id_number"


def raw(pk: int, column: str = "id_number") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM crypto_tests_holder WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


@pytest.fixture
def holder(holders: type[Holder]) -> Holder:
    pk = holders.objects.create(name="甲", id_number=NUMBER, phone="13800001234").pk
    return holders.objects.get(pk=pk)


def test_it_stores_only_cipher_text(holder: Holder) -> None:
    assert NUMBER.encode() not in raw(holder.pk)
    assert b"13800001234" not in raw(holder.pk, "phone")


def test_it_shows_the_mask_and_reveals_the_text(holder: Holder) -> None:
    assert str(holder.id_number) == f"{holder.id_number}" == "33**************34"
    assert holder.id_number.reveal() == NUMBER
    assert NUMBER not in repr(holder.id_number)


def test_it_finds_by_blind_index(holder: Holder) -> None:
    assert Holder.objects.get(id_number_hash=blind_index(PATH, f" {NUMBER}")) == holder
    assert not Holder.objects.filter(id_number_hash=blind_index(PATH, "330203194001011235")).exists()


def test_it_refuses_to_search_cipher_text(holder: Holder) -> None:
    with pytest.raises(FieldError, match=r"filter\(id_number_hash=blind_index"):
        Holder.objects.filter(id_number=NUMBER)
    with pytest.raises(FieldError, match="blind=True"):
        Holder.objects.filter(phone__startswith="138")
    assert Holder.objects.filter(phone__isnull=False).count() == 1


def test_it_changes_text_and_index_together(holder: Holder) -> None:
    holder.id_number = "330203194001011111"
    holder.save()
    again = Holder.objects.get(id_number_hash=blind_index(PATH, "330203194001011111"))
    assert again.id_number.reveal() == "330203194001011111"
    with pytest.raises(FieldError, match="id_number_hash"):
        holder.save(update_fields=["id_number"])


def test_it_keeps_the_value_when_another_field_is_saved(holder: Holder) -> None:
    before = raw(holder.pk)
    holder.name = "乙"
    holder.save()
    assert raw(holder.pk) == before


def test_it_stores_empty_as_null(holders: type[Holder]) -> None:
    pk = holders.objects.create(name="甲", id_number=NUMBER, phone="").pk
    holder = holders.objects.get(pk=pk)
    assert not holder.phone
    assert (str(holder.phone), holder.phone.reveal()) == ("", "")
    assert holders.objects.filter(phone__isnull=True).count() == 1


def test_it_creates_in_bulk(holders: type[Holder]) -> None:
    holders.objects.bulk_create(Holder(name=str(n), id_number=f"{n:018}") for n in range(20))
    found = holders.objects.get(id_number_hash=blind_index(PATH, f"{7:018}"))
    assert (found.name, found.id_number.reveal()) == ("7", f"{7:018}")


def test_it_takes_rows_loaded_past_the_model(holders: type[Holder]) -> None:
    uid = uuid4()
    holders.objects.create(name="x", id_number="1", uid=uid)
    blob = seal(PATH, uid, NUMBER)
    holders.objects.filter(uid=uid).update(id_number=blob, id_number_hash=blind_index(PATH, NUMBER))
    assert holders.objects.get(uid=uid).id_number.reveal() == NUMBER


def test_it_refuses_plain_text_in_update(holder: Holder) -> None:
    with pytest.raises(FieldError, match=r"save\(\) or bulk_create\(\)"):
        Holder.objects.update(phone="13900001111")


def test_it_refuses_a_value_moved_between_rows(holder: Holder) -> None:
    other = Holder.objects.create(name="乙", id_number="330203194001019999")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE crypto_tests_holder SET id_number = %s WHERE id = %s",
            [raw(holder.pk), other.pk],
        )
    moved = Holder.objects.get(pk=other.pk)
    with pytest.raises(Tampered, match="已被改动"):
        moved.id_number.reveal()


def test_a_damaged_value_does_not_take_down_a_page(holder: Holder, caplog: pytest.LogCaptureFixture) -> None:
    Holder.objects.update(id_number=raw(holder.pk)[:-1] + b"\0\0")
    with caplog.at_level(logging.ERROR):
        assert str(Holder.objects.get().id_number) == "无法解密"
    assert PATH in caplog.text
    assert NUMBER not in caplog.text


def test_it_refuses_a_copied_row(holder: Holder) -> None:
    holder.pk = None
    holder.uid = uuid4()
    holder._state.adding = True
    with pytest.raises(Tampered, match="assign the revealed text"):
        holder.save()


def test_it_is_not_comparable(holder: Holder) -> None:
    for other in (NUMBER, holder.id_number):
        with pytest.raises(TypeError, match="blind index"):
            assert holder.id_number == other
    with pytest.raises(TypeError):
        hash(holder.id_number)


def test_it_travels_only_as_cipher_text(holder: Holder) -> None:
    packed = pickle.dumps(holder.id_number)
    assert NUMBER.encode() not in packed
    assert pickle.loads(packed).reveal() == NUMBER
    assert copy.deepcopy(holder.id_number).reveal() == NUMBER
    with pytest.raises(TypeError):
        json.dumps(holder.id_number)
    with pytest.raises(TypeError, match="not saved yet"):
        pickle.dumps(Holder(id_number=NUMBER).id_number)


def test_fixtures_carry_cipher_text(holder: Holder) -> None:
    text = serializers.serialize("json", [holder])
    assert NUMBER not in text
    carried = json.loads(text)[0]["fields"]["id_number"]
    holder.id_number = Holder._meta.get_field("id_number").to_python(carried)
    holder.save()
    assert Holder.objects.get().id_number.reveal() == NUMBER


def test_a_template_cannot_reveal(holder: Holder) -> None:
    shown = Engine().from_string("{{ h.phone }}|{{ h.phone.reveal }}").render(Context({"h": holder}))
    assert shown == "138****1234|"


def test_values_do_not_know_their_row(holder: Holder) -> None:
    (value,) = Holder.objects.values_list("phone", flat=True)
    assert isinstance(value, Sealed)
    assert str(value) == "******"
    assert value.reveal(holder.uid) == "13800001234"
    with pytest.raises(TypeError, match="uid"):
        value.reveal()


def test_deferred_values_are_loaded_when_asked(holder: Holder) -> None:
    lazy = Holder.objects.only("name").get()
    assert lazy.id_number.reveal() == NUMBER


def test_a_form_left_alone_changes_nothing(holder: Holder) -> None:
    form_class = modelform_factory(Holder, fields=["name", "id_number", "phone"])
    shown = form_class(instance=holder).initial
    assert shown["phone"] == "138****1234"
    form = form_class(
        {"name": "丙", "id_number": shown["id_number"], "phone": "13900002222"}, instance=holder
    )
    assert form.changed_data == ["name", "phone"]
    form.save()
    again = Holder.objects.get()
    assert (again.id_number.reveal(), again.phone.reveal()) == (NUMBER, "13900002222")


def test_a_required_value_must_be_there(holders: type[Holder]) -> None:
    with pytest.raises(ValidationError, match="请填写证件号码"):
        holders(name="甲").clean_fields()
    holders(name="甲", id_number=NUMBER).clean_fields()


def test_migrations_see_the_companion_once() -> None:
    names = [f.name for f in Holder._meta.local_fields]
    assert names.count("id_number_hash") == 1
    assert isinstance(Holder._meta.get_field("id_number_hash"), BlindIndexField)
    _name, _path, _args, kwargs = Holder._meta.get_field("id_number").deconstruct()
    assert not {"mask", "blind"} & kwargs.keys()


def test_a_model_must_have_a_uid() -> None:
    class Bare(models.Model):
        phone = EncryptedField(mask="phone")

        class Meta:
            app_label = "crypto_tests_bare"

    assert [error.id for error in Bare._meta.get_field("phone").check()] == ["crypto.E001"]


def test_it_refuses_an_unknown_mask() -> None:
    with pytest.raises(ValueError, match="id_number"):
        EncryptedField(mask="nonsense")
