"""Who may open what."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import everything
from yanglao.registers.workforce import actions
from yanglao.registers.workforce.models import Award, Certificate, Employment, PoolMember, Studio, Worker
from yanglao.registers.workforce.tests.sample import CLERK, SINCE, certificate, home, worker

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)


def _one(house: House) -> Worker:
    with everything("test"):
        return Worker.objects.first() or _made(house)


def _made(house: House) -> Worker:
    one = worker(home(house), phone="13800000000")
    scan = store(CLERK, "scan.png", io.BytesIO(PNG), kind="document", division=house.village)
    certificate(one, number="A1", evidence_id=scan.pk)
    certificate(one, "assessor_training")
    actions.appoint(CLERK, one, pool="assessor", field="ability", area=house.village, valid_from=SINCE)
    actions.add_award(CLERK, one, kind="title", rank="city", title="优秀护理员", given_on=SINCE)
    actions.open_studio(
        CLERK, one, place=home(house), kind="master", rank="city", name="张护理工作室", opened_on=SINCE
    )
    return one


def one_worker(house: House) -> Mapping[str, Any]:
    return {"pk": _one(house).pk}


def _first(model: Any) -> Any:
    def args(house: House) -> Mapping[str, Any]:
        _one(house)
        with everything("test"):
            return {"pk": model.objects.order_by("pk").first().pk}

    return args


def place(house: House) -> Mapping[str, Any]:
    _one(house)
    return {"pk": home(house).pk}


def scan(house: House) -> Mapping[str, Any]:
    _one(house)
    with everything("test"):
        return {"pk": Certificate.objects.exclude(evidence=None).get().pk}


def revealed(house: House) -> Mapping[str, Any]:
    return {"field": "phone", "purpose": "核对身份"}


DAY = dt.date(2026, 6, 1)
spell, award, studio, member = _first(Employment), _first(Award), _first(Studio), _first(PoolMember)
cert = _first(Certificate)
EDIT, VERIFY, VIEW = "workforce.edit", "workforce.verify", "workforce.view"

ACCESS: dict[str, Access] = {
    "workforce:list": listing(VIEW),
    "workforce:staff": listing(VIEW),
    "workforce:gaps": listing(VIEW),
    "workforce:ratio": listing(VIEW),
    "workforce:calendar": listing(VIEW),
    "workforce:certificates": listing(VIEW),
    "workforce:pool": listing(VIEW),
    "workforce:awards": listing(VIEW),
    "workforce:studios": listing(VIEW),
    "workforce:add": listing(EDIT),
    "workforce:place_staff": record(VIEW, place),
    "workforce:worker": record(VIEW, one_worker),
    "workforce:sheet": record(VIEW, one_worker),
    "workforce:evidence": record(VIEW, scan, page=False),
    "workforce:reveal": change("workforce.reveal", one_worker, revealed, own=200),
    "workforce:correct": record(EDIT, one_worker),
    "workforce:hire": record(EDIT, one_worker),
    "workforce:add_certificate": record(EDIT, one_worker),
    "workforce:add_award": record(EDIT, one_worker),
    "workforce:open_studio": record(EDIT, one_worker),
    "workforce:appoint": record(VERIFY, one_worker),
    "workforce:end": record(EDIT, spell),
    "workforce:change": record(EDIT, spell),
    "workforce:transfer": record(EDIT, spell),
    "workforce:amend": record(EDIT, spell),
    "workforce:withdraw": record(EDIT, spell),
    "workforce:correct_certificate": record(EDIT, cert),
    "workforce:verify_certificate": record(VERIFY, cert),
    "workforce:revoke_certificate": record(EDIT, cert),
    "workforce:withdraw_certificate": record(EDIT, cert),
    "workforce:withdraw_award": record(EDIT, award),
    "workforce:close_studio": record(EDIT, studio),
    "workforce:leave_pool": record(VERIFY, member),
}
