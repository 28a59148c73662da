"""A small city with one account per role: fixtures `house` and `client_for`, and the query-count helper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yanglao.kernel.accounts.actions import digest
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import ApiKey, Grant, Organisation, User
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import forget_names
from yanglao.kernel.scope import Level, everything
from yanglao.kernel.scope.spans import ancestor, level_of

# Public names and codes (GB/T 2260); the people of the house are invented.
DIVISIONS = {
    330000000000: ("浙江省", "zhejiangsheng", "zjs"),
    330200000000: ("宁波市", "ningboshi", "nbs"),
    330203000000: ("海曙区", "haishuqu", "hsq"),
    330203001000: ("南门街道", "nanmenjiedao", "nmjd"),
    330203001001: ("万安社区", "wananshequ", "wasq"),
    330203001002: ("澄浪社区", "chenglangshequ", "clsq"),
    330205000000: ("江北区", "jiangbeiqu", "jbq"),
    330205001000: ("中马街道", "zhongmajiedao", "zmjd"),
    330205001001: ("外马社区", "waimashequ", "wmsq"),
    220000000000: ("吉林省", "jilinsheng", "jls"),
    220100000000: ("长春市", "changchunshi", "ccs"),
}
CITY, COUNTY, STREET, VILLAGE = 330200000000, 330203000000, 330203001000, 330203001001
OTHER_COUNTY, OTHER_STREET, OTHER_VILLAGE = 330205000000, 330205001000, 330205001001
PASSWORD = "Correct-Horse-7"
OWN = {1: 330000000000, 2: CITY, 3: COUNTY, 4: STREET, 5: VILLAGE}
OTHER = {1: 220000000000, 2: 220100000000, 3: OTHER_COUNTY, 4: OTHER_STREET, 5: OTHER_VILLAGE}


@dataclass
class House:
    """The small city: divisions from province to village, organisations and accounts made when asked for.

    `city`/`county`/`street`/`village` lie in one another; `other_…` is the neighbour in the same city.
    """

    city: int = CITY
    county: int = COUNTY
    street: int = STREET
    village: int = VILLAGE
    other_county: int = OTHER_COUNTY
    other_street: int = OTHER_STREET
    other_village: int = OTHER_VILLAGE
    users: dict[tuple[str, int, str], User] = field(default_factory=dict)

    def place(self, role: str, *, other: bool = False) -> int:
        """The division an account of the role is over: the widest the role is held at, here or elsewhere."""
        return (OTHER if other else OWN)[min(roles()[role].levels)]

    def organisation(self, division: int) -> Organisation:
        kind = {4: "street", 5: "village"}.get(level_of(division), "bureau")
        with everything("a test's city"):
            found, _ = Organisation.objects.get_or_create(
                division_id=division, name=f"{DIVISIONS[division][0]}民政", defaults={"kind": kind}
            )
        return found

    @property
    def provider(self) -> Organisation:
        """A service provider in `village`: accounts of roles that reach only their own organisation belong to it."""
        return self._provider(VILLAGE, "安心养老服务有限公司")

    @property
    def other_provider(self) -> Organisation:
        """Another provider in the same village."""
        return self._provider(VILLAGE, "乐龄养老服务有限公司")

    def _provider(self, division: int, name: str) -> Organisation:
        with everything("a test's city"):
            found, _ = Organisation.objects.get_or_create(
                division_id=division, name=name, defaults={"kind": "provider"}
            )
        return found

    def _body(self, role: str, place: int) -> Organisation:
        """The organisation an account of the role belongs to; over another division it is the other provider."""
        if roles()[role].reach == "division":
            return self.organisation(place)
        return self.provider if place == self.place(role) else self.other_provider

    def user(self, role: str, division: int | None = None, *, name: str = "") -> User:
        """An account with the role over the division (the role's own place if none); a second one by `name`."""
        place = division or self.place(role)
        key = (role, place, name)
        if key not in self.users:
            user = User(username=f"{role}-{place}{name}", name=name or "甲某", position=roles()[role].zh)
            user.set_password(PASSWORD)
            user.save()
            with everything("a test's city"):
                Grant.objects.create(
                    user=user,
                    role=role,
                    organisation=self._body(role, place),
                    division_id=place,
                    # since yesterday: a test that sets the clock back may run just after midnight
                    valid_from=timezone.localdate() - timedelta(days=1),
                )
            self.users[key] = user
        return self.users[key]

    def actor(self, role: str, division: int | None = None, *, name: str = "") -> Actor:
        return Actor.of(self.user(role, division, name=name), "page")

    def client(self, role: str | None, division: int | None = None, *, name: str = "") -> Client:
        """A browser signed in with the role; signed out for None."""
        client = Client()
        if role is not None:
            client.force_login(self.user(role, division, name=name))
        return client

    def key(self, role: str, division: int | None = None) -> str:
        """An API key of the account, with all its rights."""
        user = self.user(role, division)
        ApiKey.objects.create(
            user=user,
            label="test",
            prefix=f"{user.pk:012d}",
            digest=digest("secret"),
            rights=sorted(roles()[role].rights),
            expires_on=timezone.localdate() + timedelta(days=1),
        )
        return f"{user.pk:012d}.secret"


def make_divisions() -> None:
    Division.objects.bulk_create(
        [
            Division(
                code=code,
                name=name,
                pinyin=pinyin,
                initials=initials,
                level=int(level_of(code)),
                parent_id=_parent(code),
            )
            for code, (name, pinyin, initials) in DIVISIONS.items()
        ],
        ignore_conflicts=True,
    )
    forget_names()


def _parent(code: int) -> int | None:
    level = level_of(code)
    return None if level == Level.PROVINCE else ancestor(code, Level(level - 1))


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """The small city, empty of people."""
    make_divisions()
    yield House()
    forget_names()


@pytest.fixture
def client_for(house: House) -> Callable[..., Client]:
    """`client_for(role, division=None)`: a browser signed in with that role."""
    return house.client


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def assert_same_queries() -> Callable[..., None]:
    """`assert_same_queries(run, grow)`: `run()` costs as many queries after `grow()` as before.

    `grow` adds ten times the rows; what is printed on failure are the queries that came with them.
    """

    def check(run: Callable[[], Any], grow: Callable[[], Any], *, at_most: int | None = None) -> None:
        run()  # fills caches that are filled once per process
        few = _queries(run)
        grow()
        many = _queries(run)
        more = "\n".join(many[: len(many) - len(few)][:5])
        assert len(many) <= len(few), f"{len(few)} queries for few rows, {len(many)} for many:\n{more}"
        if at_most is not None:
            assert len(many) <= at_most, f"{len(many)} queries, {at_most} allowed:\n" + "\n".join(many)

    return check


def _queries(run: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        run()
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    """Stored files are sealed with the keys of this test's database, so no other test may meet them."""
    options = {"location": tmp_path / "files"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
