"""On a database as a site has it: read by a connection of its own, settled by two at the same moment."""

# i18n: data

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tests.harness.at_once import AtOnce
from tests.harness.house import House
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything
from yanglao.registers.doubles import actions
from yanglao.registers.doubles.matching import reading
from yanglao.registers.doubles.models import State, Suspect
from yanglao.registers.doubles.tests.pairs import SYSTEM, a_file, a_pair, the_pairs

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_ways_of_reading_give_the_same_rows(at_once: AtOnce, house: House) -> None:
    a_file(2, "张秀英", house.village)
    a_file(None, "章秀英", house.other_village)
    with transaction.atomic():
        by_cursor = reading.register(merged=True)
    direct = reading.register(merged=True)
    assert direct.sort_by("key").to_pylist() == by_cursor.sort_by("key").to_pylist()
    assert direct.num_rows == 2


def test_two_officers_settle_a_pair_once(at_once: AtOnce, house: House) -> None:
    pair = a_pair(house.village)

    def settle() -> None:
        with everything("test"):
            actions.dismiss(SYSTEM, Suspect.objects.get(pk=pair.pk), reason="双胞胎")

    raised = at_once(settle, settle)
    assert sorted(type(error) for error in raised if error) == [ValidationError]
    assert [p.state for p in the_pairs()] == [State.DISTINCT]
    with everything("test"):
        assert AuditEntry.objects.filter(verb="doubles.dismiss").count() == 1
