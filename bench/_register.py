"""A register of invented persons of any size, written through the roster's own commit. No real person can hold
the numbers used. Called as `python -m bench._register PERSONS`, with YANGLAO_VAR naming an empty folder.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "国建华明英秀兰珍芳桂玉凤美福生海林平春金荣文忠德志永庆宝贵连云水根土仁义礼智信财发达康寿"
COUNTIES = (330203, 330205, 330206, 330211, 330212, 330213, 330225, 330226, 330281, 330282)
STREETS, VILLAGES = 16, 19
FIRST_BORN, DAYS = dt.date(1921, 1, 1), 16_400
BATCH = 2_000
PER_TRANSACTION = 25
ROLES = {"city_officer": 330200000000, "district_officer": 330212000000, "street_worker": 330212005000}
PASSWORD = "Correct-Horse-7"


def main(persons: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "yanglao.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    divisions()
    accounts()
    started = time.monotonic()
    fill(persons)
    print(f"{time.monotonic() - started:.0f}")


def divisions() -> None:
    """Ten counties of Ningbo with streets and villages by number: as many as the real city has."""
    from yanglao.kernel.divisions.models import Division
    from yanglao.kernel.scope import level_of
    from yanglao.kernel.scope.spans import Level, ancestor

    codes = [330000000000, 330200000000]
    for county in COUNTIES:
        codes.append(county * 10**6)
        for street in range(1, STREETS + 1):
            at = county * 10**6 + street * 1000
            codes += [at, *(at + village for village in range(1, VILLAGES + 1))]
    rows = []
    for code in codes:
        level = level_of(code)
        parent = None if level == Level.PROVINCE else ancestor(code, Level(level - 1))
        rows.append(Division(code=code, name=f"区划{code}", level=int(level), parent_id=parent))
    Division.objects.bulk_create(rows, ignore_conflicts=True)


def accounts() -> None:
    from yanglao.kernel.accounts.models import Grant, Organisation, User
    from yanglao.kernel.scope import everything

    with everything("accounts of the measurement"):
        for role, division in ROLES.items():
            user = User(username=role, name="甲某")
            user.set_password(PASSWORD)
            user.save()
            place = Organisation.objects.create(name=role, kind="bureau", division_id=division)
            Grant.objects.create(user=user, role=role, organisation=place, division_id=division)


def fill(persons: int) -> None:
    """Roster rows, 50,000 to a transaction, then the desk's figures and the planner's statistics."""
    from django.db import connection, transaction

    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.scope import everything
    from yanglao.registers.people.actions import tally
    from yanglao.registers.people.roster import ROSTER
    from yanglao.shell.sheets import CommitContext

    actor, today = Actor.system("bench"), dt.date.today()
    context = CommitContext(actor, 1, frozenset(), today, "import:1", lambda done: None)
    batches = in_batches(rows(persons, today))
    while part := list(islice(batches, PER_TRANSACTION)):
        with transaction.atomic(), everything("bench"):
            ROSTER.commit(part, context)
        print(part[-1][-1].row_number - 1, file=sys.stderr, flush=True)
    tally(actor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def in_batches(found: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def rows(persons: int, today: dt.date) -> Iterator[Any]:
    """Parsed rows as the importer's reader gives them."""
    from yanglao.registers.people.roster import ROSTER

    fields = [column.field for column in ROSTER.columns]
    draw = random.Random(20261101)
    for number in range(persons):
        cells = person(number, draw, today)
        yield ROSTER.row_type([number + 2, *(cells.get(field) for field in fields)])


def person(number: int, draw: random.Random, today: dt.date) -> dict[str, Any]:
    from yanglao.kernel.identifiers import ResidentId, check_digit

    born = FIRST_BORN + dt.timedelta(days=number * 7919 % DAYS)
    order = number // DAYS % 999 + 1
    first17 = f"390203{born:%Y%m%d}{order:03d}"
    read = ResidentId(first17 + check_digit(first17), born, 1 if order % 2 else 2)
    home = village(draw)
    old = (today - born).days > 80 * 365
    return {
        "name": draw.choice(SURNAMES) + draw.choice(GIVEN) + draw.choice(GIVEN),
        "id_number": read,
        "hukou": home,
        "residence": home if draw.random() < 0.9 else village(draw),
        "hukou_since": dt.date(2000, 1, 1),
        "residence_since": dt.date(2015, 1, 1),
        "since": dt.date(2024, 1, 1),
        "phone": f"139{number:08d}",
        "address": f"某街道某路{number}号",
        "living": draw.choices(["alone", "spouse", "children", "institution"], [18, 44, 36, 2])[0],
        "economic": draw.choices(["ordinary", "dibao", "tekun_home"], [960, 30, 10])[0],
        "ability": f"gbt42195-2022:{draw.choices(range(5), [85, 7, 4, 3, 1])[0]}",
        "three_elders": ("old_party_member",) if draw.random() < 0.003 else None,
        "bank": "农业银行",
        "account": f"62284800{number:011d}",
        "applied_on": dt.date(2026, 1, 1) if old else None,
        "dead_on": dt.date(2026, 9, 1) if draw.random() < 0.01 else None,
    }


def village(draw: random.Random) -> int:
    return draw.choice(COUNTIES) * 10**6 + draw.randint(1, STREETS) * 1000 + draw.randint(1, VILLAGES)


if __name__ == "__main__":
    main(int(sys.argv[1]))
