"""Actions check the right, write in one transaction, and leave one entry in a chain that shows tampering."""

import pytest
from django.db import connection

from yanglao.kernel.accounts.actions import add_organisation, add_user, grant
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.audit.chain import verify
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Unscoped, entered, everything

CITY, HAISHU, JIANGBEI = 330200000000, 330203000000, 330205000000
SYSTEM = Actor.system("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    for code, name, level in [(CITY, "宁波市", 2), (HAISHU, "海曙区", 3), (JIANGBEI, "江北区", 3)]:
        Division.objects.create(code=code, name=name, level=level, pinyin="x", initials="x")
    return add_organisation(SYSTEM, name="市民政局", kind="bureau", division=CITY)


def manager_of(bureau, division, username):
    user = add_user(SYSTEM, username=username, name="管理员", password="Strong-Pass-1", organisation=bureau)
    grant(SYSTEM, user=user, role="account_manager", organisation=bureau, division=division)
    return Actor.of(user, "page")


def test_it_refuses_an_action_outside_the_actors_divisions(bureau):
    actor = manager_of(bureau, HAISHU, "haishu")
    with pytest.raises(Forbidden):
        add_organisation(actor, name="江北区民政局", kind="bureau", division=JIANGBEI)
    assert add_organisation(actor, name="海曙区民政局", kind="bureau", division=HAISHU).pk


def test_it_shows_only_records_of_the_scope_and_raises_outside_one(bureau):
    actor = manager_of(bureau, HAISHU, "haishu")
    add_organisation(SYSTEM, name="海曙区民政局", kind="bureau", division=HAISHU)
    with pytest.raises(Unscoped):
        Organisation.objects.count()
    with entered(actor):
        assert [o.name for o in Organisation.objects.all()] == ["海曙区民政局"]
    with everything("test"):
        assert Organisation.objects.count() == 2


def test_it_writes_nothing_when_the_body_fails(bureau):
    before = AuditEntry._base_manager.count()
    with pytest.raises(Exception, match=r"organisation_once_per_division|UNIQUE"):
        add_organisation(SYSTEM, name="市民政局", kind="bureau", division=CITY)
    assert AuditEntry._base_manager.count() == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditentry SET actor = 'nobody' WHERE id = (SELECT min(id) FROM audit_auditentry)",
        "DELETE FROM audit_auditentry WHERE id = (SELECT min(id) FROM audit_auditentry)",
        "DELETE FROM audit_auditentry WHERE id = (SELECT max(id) FROM audit_auditentry)",
        "UPDATE audit_chainhead SET entries = entries - 1",
    ],
)
def test_it_finds_what_was_changed_by_hand(bureau, sql):
    manager_of(bureau, HAISHU, "haishu")
    assert verify().whole
    assert verify().entries == 3
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert not verify().whole


def test_it_never_writes_a_password_into_the_trail(bureau):
    manager_of(bureau, HAISHU, "haishu")
    for entry in AuditEntry._base_manager.all():
        assert "password" not in entry.after
        assert "Strong-Pass-1" not in str(entry.after)
